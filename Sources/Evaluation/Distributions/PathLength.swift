/// How fast samples change along a path of latents: the perceptual path length, PPL.
///
/// Each pair is a sample at a latent and one at a latent a step ε further; its length is the
/// squared distance of their features over ε². The shortest and the longest are left out.
///
/// What "perceptual" means is up to the features: published values are of networks for images with
/// calibrated weights (LPIPS), and have another scale than those of any other features.
///
/// Source: Karras et al. 2019, arXiv:1812.04948, section 4.1; percentiles as in torch-fidelity
/// 0.4.0.
public struct PathLength: Sendable, Equatable {
    /// The mean of the lengths that are counted, in squared feature units.
    public let value: Double
    /// Their standard deviation, with their number as the divisor.
    public let standardDeviation: Double
    /// The length of each pair, those that are not counted included.
    public let lengths: [Double]
    /// How many lengths are counted.
    public let countedLengths: Int

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "ppl", title: "Path length (PPL)", input: .features, better: .lower,
        range: 0...Double.infinity,
        summary: "how far features go per step of the latent, squared; rows of A and B are pairs",
        source: "Karras et al. 2019")

    /// The length of the paths between two samples each.
    ///
    /// - Parameters:
    ///   - first: Features at the latents.
    ///   - second: Features a step further, in the same order.
    ///   - step: ε, finite and above 0.
    ///   - percentiles: The lengths that are counted, within 0…100: from the one at or below the
    ///     lower bound to the one at or above the upper.
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)``,
    ///   ``SampleError/unpairedRows(first:second:)`` or ``SampleError/pathLength(step:low:high:)``.
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, step: Double = 1e-4,
        percentiles: ClosedRange<Double> = 1...99
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        guard first.count == second.count else {
            throw SampleError.unpairedRows(first: first.count, second: second.count)
        }
        let (low, high) = (percentiles.lowerBound, percentiles.upperBound)
        guard step > 0, step.isFinite, 0...100 ~= low, 0...100 ~= high else {
            throw SampleError.pathLength(step: step, low: low, high: high)
        }
        lengths = (0..<first.count).map { index in
            zip(first.row(index), second.row(index)).reduce(0) { sum, pair in
                let difference = (pair.0 - pair.1) / step
                return sum + difference * difference
            }
        }
        let sorted = lengths.sorted()
        let last = Double(sorted.count - 1)
        let shortest = sorted[Int((low / 100 * last).rounded(.down))]
        let longest = sorted[Int((high / 100 * last).rounded(.up))]
        let counted = lengths.filter { $0 >= shortest && $0 <= longest }
        let mean = counted.mean
        value = mean
        standardDeviation = counted.map { ($0 - mean) * ($0 - mean) }.mean.squareRoot()
        countedLengths = counted.count
    }
}
