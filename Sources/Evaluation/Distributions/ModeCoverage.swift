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
