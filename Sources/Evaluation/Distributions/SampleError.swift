/// Why sets of samples cannot be measured.
public enum SampleError: Error, Equatable, CustomStringConvertible {
    /// No values at all.
    case empty
    /// A number of dimensions below one.
    case dimensions(Int)
    /// Values that do not make whole rows.
    case unevenRows(values: Int, dimensions: Int)
    /// A value that is NaN or beyond ``FeatureMatrix/largestMagnitude``.
    case valueOutOfRange(row: Int, column: Int)
    /// Sets with rows of different lengths.
    case dimensionsDiffer(first: Int, second: Int)
    /// More bytes than there are; the remedy is a clause that says what would fit.
    case tooLittleMemory(work: String, needed: Int, available: Int, remedy: String)
    /// Fewer rows than the measure needs.
    case tooFewRows(found: Int, needed: Int)
    /// More rows than can be compared with each other.
    case tooManyRows(Int)
    /// A number of neighbours that the smaller set does not have.
    case neighbours(Int, smallestSet: Int)
    /// Numbers and sizes of subsets that cannot be drawn.
    case subsets(count: Int, size: Int, smallestSet: Int)
    /// Sizes from which no line can be extrapolated.
    case sampleSizes([Int], smallestSet: Int)
    /// A degree, scale or offset that makes no kernel.
    case kernel(degree: Int, scale: Double, offset: Double)
    /// Features so large that the kernel overflows.
    case kernelOverflow
    /// A row that is not a distribution over classes.
    case notProbabilities(row: Int)
    /// A class number that none of the classes has.
    case classNumber(sample: Int, classes: Int)
    /// Pairs of rows where the sides have different numbers of them.
    case unpairedRows(first: Int, second: Int)
    /// A step or percentiles from which no length of a path can be taken.
    case pathLength(step: Double, low: Double, high: Double)
    /// A number of directions that cannot be drawn, or vectors that are none.
    case directions(Int)
    /// A number of splits that cannot be made.
    case splits(Int, samples: Int)
    /// Standard deviations or weights that do not go with the modes.
    case modes(centres: Int, deviations: Int, weights: Int)
    /// A standard deviation or weight of a mode that is impossible.
    case modeNumber(mode: Int)
    /// A radius or count of the criterion of quality that is impossible.
    case qualityCriterion(radius: Double, least: Int)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .empty:
            "There are no samples to measure; give at least one row."
        case .dimensions(let dimensions):
            "Rows cannot have \(dimensions) numbers; give 1 or more."
        case .unevenRows(let values, let dimensions):
            "\(values) values do not make whole rows of \(dimensions); "
                + "give \(dimensions) values for each sample."
        case .valueOutOfRange(let row, let column):
            "The value at row \(row), column \(column) is not finite or beyond "
                + "±\(FeatureMatrix.largestMagnitude); remove the row or rescale the features."
        case .dimensionsDiffer(let first, let second):
            "Rows of \(first) and of \(second) numbers cannot be compared; "
                + "take both sets from the same feature extractor."
        case .tooLittleMemory(let work, let needed, let available, let remedy):
            "For \(work) \(needed.asBytes) of memory are needed and \(available.asBytes) are free; "
                + "\(remedy)."
        default: countDescription
        }
    }

    private var countDescription: String {
        switch self {
        case .tooFewRows(let found, let needed):
            "There are too few samples, \(found); give at least \(needed) on each side."
        case .tooManyRows(let count):
            "\(count) samples are too many to compare all pairs; give at most "
                + "\(FeatureMatrix.largestPairableCount) on each side."
        case .neighbours(let k, let smallest):
            "The neighbour number \(k) does not exist in a set of \(smallest) samples; "
                + "choose k from 1 to \(smallest - 1) or give more samples."
        case .subsets(let count, let size, let smallest):
            "\(count) subsets of \(size) cannot be drawn from \(smallest) samples; choose from 1 "
                + "to \(KernelDistance.largestSubsetCount) subsets of 2 to \(smallest) samples."
        case .sampleSizes(let sizes, let smallest):
            "The sample sizes \(sizes.prefix(20)) make no line; "
                + "give two or more different sizes from 2 to \(smallest)."
        case .unpairedRows(let first, let second):
            "\(first) and \(second) samples make no pairs; give as many on both sides."
        case .directions(let count):
            "\(count) directions cannot be used; give 1 to \(MongeDistance.mostDirections), none "
                + "of them zero."
        case .classNumber(let sample, let classes):
            "Sample \(sample) has a class beyond the \(classes) there are; number classes from 0 "
                + "to \(classes - 1)."
        case .splits(let splits, let samples):
            "\(samples) samples cannot be split into \(splits) parts; "
                + "choose a number from 1 to \(samples)."
        default: settingDescription
        }
    }

    private var settingDescription: String {
        switch self {
        case .kernel(let degree, let scale, let offset):
            "A polynomial of degree \(degree), scale \(scale) and offset \(offset) is not a "
                + "kernel; choose a degree from 1 to \(PolynomialKernel.largestDegree), a finite "
                + "scale above 0 and a finite offset, 0 or more."
        case .kernelOverflow:
            "The features are too large for the kernel; rescale them to about 1."
        case .pathLength(let step, let low, let high):
            "A step of \(step) and percentiles from \(low) to \(high) give no path length; choose "
                + "a finite step above 0 and percentiles from 0 to 100, the lower one first."
        case .notProbabilities(let row):
            "Row \(row) is not a distribution over classes; "
                + "give probabilities, 0 or more, that sum to 1."
        case .modes(let centres, let deviations, let weights):
            "\(deviations) standard deviations and \(weights) weights do not go with \(centres) "
                + "modes; give one of each for every mode."
        case .modeNumber(let mode):
            "The standard deviation or the weight of mode \(mode) is impossible; give finite "
                + "numbers, 0 or more, and not only weights of 0."
        case .qualityCriterion(let radius, let least):
            "Samples within \(radius) standard deviations, at least \(least) a mode, are no "
                + "criterion; choose a finite radius above 0 and a count of 1 or more."
        default: "The samples cannot be measured; check their number and values."
        }
    }
}
