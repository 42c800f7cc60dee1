import Foundation

/// Which modes of a known mixture the samples reach, and how good the samples are.
///
/// Each sample belongs to the nearest centre, the first on a tie. It is of high quality when it is
/// nearer than some standard deviations of that mode.
///
/// Source: Srivastava et al. 2017, arXiv:1705.07761 (VEEGAN); Lin et al. 2018, arXiv:1712.04086
/// (PacGAN). Natural logarithms, in nats.
public struct ModeCoverage: Sendable, Equatable {
    /// How many samples of high quality each mode has.
    public let counts: [Int]
    /// How many samples of any quality each mode has.
    public let countsOfAll: [Int]
    /// How many samples there are.
    public let sampleCount: Int
    /// How many modes have enough samples of high quality.
    public let modesRecovered: Int
    /// The share of samples of high quality, in 0…1; a perfect model in two dimensions has 0.98889
    /// within three standard deviations.
    public let highQualityShare: Double
    /// `KL(q ‖ p)` of the shares q of high-quality samples to the mixture's p. About
    /// (modes − 1) / (2 · samples) for a perfect model; infinite without such samples.
    public let reverseKL: Double
    /// `KL(p ‖ q)`; infinite when a mode is missed.
    public let forwardKL: Double
    /// The Jensen–Shannon divergence of p and q, in 0…ln 2.
    public let jensenShannon: Double
    /// `KL(q ‖ p)` with all samples, whatever their quality.
    public let reverseKLOfAll: Double

    /// Counts samples by mode.
    ///
    /// - Parameters:
    ///   - samples: `[N, dimensions]`; 2500 or more give steady numbers.
    ///   - modes: The mixture that they should come from.
    ///   - radius: How many standard deviations from its centre a sample is of high quality.
    ///   - least: How many samples of high quality recover a mode.
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)`` or
    ///   ``SampleError/qualityCriterion(radius:least:)``.
    /// - Complexity: O(N · modes · dimensions).
    public init(
        of samples: FeatureMatrix, in modes: MixtureModes, radius: Double = 3, least: Int = 1
    ) throws {
        try FeatureMatrix.requireEqualDimensions(samples, modes.centres)
        guard radius > 0, radius.isFinite, least >= 1 else {
            throw SampleError.qualityCriterion(radius: radius, least: least)
        }
        var counts = [Int](repeating: 0, count: modes.count)
        var countsOfAll = counts
        for index in 0..<samples.count {
            let (mode, distance) = modes.nearest(to: samples.row(index))
            countsOfAll[mode] += 1
            if distance < radius * modes.standardDeviations[mode] { counts[mode] += 1 }
        }
        self.counts = counts
        self.countsOfAll = countsOfAll
        sampleCount = samples.count
        modesRecovered = counts.count { $0 >= least }
        highQualityShare = Double(counts.reduce(0, +)) / Double(samples.count)
        let good = ModeDivergences(counts, modes.shares)
        reverseKL = good.reverse
        forwardKL = good.forward
        jensenShannon = good.jensenShannon
        reverseKLOfAll = ModeDivergences(countsOfAll, modes.shares).reverse
    }
}

/// Divergences between counted shares q and expected shares p.
private struct ModeDivergences {
    private(set) var reverse = Double.infinity
    private(set) var forward = Double.infinity
    private(set) var jensenShannon = log(2.0)

    init(_ counts: [Int], _ p: [Double]) {
        let total = counts.reduce(0, +)
        guard total > 0 else { return }
        let q = counts.map { Double($0) / Double(total) }
        let middle = zip(p, q).map { ($0 + $1) / 2 }
        reverse = relativeEntropy(q, p)
        forward = relativeEntropy(p, q)
        jensenShannon = (relativeEntropy(p, middle) + relativeEntropy(q, middle)) / 2
    }
}

extension MixtureModes {
    fileprivate func nearest(to point: ArraySlice<Double>) -> (mode: Int, distance: Double) {
        var (mode, least) = (0, Double.infinity)
        for candidate in 0..<count {
            let squared = zip(point, centres.row(candidate)).reduce(0) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
            if squared < least { (mode, least) = (candidate, squared) }
        }
        return (mode, least.squareRoot())
    }
}

extension ModeCoverage {
    /// Recovered modes: name, direction, range and source.
    public static let recoveredDescription = MeasureDescription(
        name: "modes-recovered", title: "Modes recovered", input: .points, better: .higher,
        range: 0...Double.infinity,
        summary: "how many modes have samples of high quality",
        source: "Srivastava et al. 2017, Lin et al. 2018")

    /// The share of high quality: name, direction, range and source.
    public static let highQualityDescription = MeasureDescription(
        name: "high-quality-share", title: "High-quality share", input: .points,
        better: .higher, range: 0...1,
        summary: "share of samples within three standard deviations of a mode",
        source: "Srivastava et al. 2017, Lin et al. 2018")

    /// The reverse divergence: name, direction, range and source.
    public static let reverseKLDescription = MeasureDescription(
        name: "reverse-kl", title: "Reverse KL over modes", input: .points, better: .lower,
        range: 0...Double.infinity,
        summary: "divergence of the modes' shares from those of the mixture, in nats",
        source: "Lin et al. 2018")
}

/// The modes of a mixture that samples should come from.
public struct MixtureModes: Sendable, Equatable {
    /// The centres, `[modes, dimensions]`.
    public let centres: FeatureMatrix
    /// The standard deviation of each mode, `[modes]`, 0 or more.
    public let standardDeviations: [Double]
    /// The share of each mode, `[modes]`, with the sum 1.
    public let shares: [Double]

    /// How many modes there are.
    public var count: Int { centres.count }

    /// Modes with standard deviations and weights of their own.
    ///
    /// - Parameters:
    ///   - centres: `[modes, dimensions]`.
    ///   - standardDeviations: `[modes]`, finite, 0 or more.
    ///   - weights: `[modes]`, finite, 0 or more, not all 0; any sum. Nil makes all equal.
    /// - Throws: ``SampleError/modes(centres:deviations:weights:)`` or
    ///   ``SampleError/modeNumber(mode:)``.
    public init(
        centres: FeatureMatrix, standardDeviations: [Double], weights: [Double]? = nil
    ) throws {
        let weights = weights ?? [Double](repeating: 1, count: centres.count)
        guard standardDeviations.count == centres.count, weights.count == centres.count else {
            throw SampleError.modes(
                centres: centres.count, deviations: standardDeviations.count,
                weights: weights.count)
        }
        let isPossible = { (number: Double) in number.isFinite && number >= 0 }
        for mode in weights.indices
        where !isPossible(standardDeviations[mode]) || !isPossible(weights[mode]) {
            throw SampleError.modeNumber(mode: mode)
        }
        // Divided by the largest first: sums of huge weights overflow.
        guard let largest = weights.max(), largest > 0 else {
            throw SampleError.modeNumber(mode: 0)
        }
        let relative = weights.map { $0 / largest }
        let sum = relative.reduce(0, +)
        self.centres = centres
        self.standardDeviations = standardDeviations
        shares = relative.map { $0 / sum }
    }

    /// Modes of one standard deviation.
    ///
    /// - Throws: As the other initialiser.
    public init(
        centres: FeatureMatrix, standardDeviation: Double, weights: [Double]? = nil
    ) throws {
        try self.init(
            centres: centres,
            standardDeviations: [Double](repeating: standardDeviation, count: centres.count),
            weights: weights)
    }
}
