import Datasets
import Evaluation
import OptimalTransport
import Runs
import WGAN

/// Measures of generated points against fresh ones of the distribution.
struct PointScores {
    let run: FinishedRun
    let distribution: any PointDistribution
    /// Points on each side of the exact distances.
    let count: Int
    /// Points that are counted by modes.
    var modeSamples = usualModeSamples

    /// Many, since one mode may be rare.
    static let usualModeSamples = 10_000

    /// The measure that says nothing of a run, but of its data.
    static let floor = "w1 of two real samples"

    /// What results say about the counting.
    var facts: [String: JSONValue] {
        distribution is any MixtureDistribution ? ["modeSamples": .integer(modeSamples)] : [:]
    }

    /// The values of one sampling seed.
    func values(seed: UInt64) throws -> [(metric: String, split: String?, value: Double)] {
        let dimensions = distribution.dimensions
        let generated = try DiscreteMeasure(
            run.generated(count, seed: seed), dimensions: dimensions)
        let real = run.points(distribution, 2 * count, seed: seed)
        let first = try DiscreteMeasure(Array(real.prefix(real.count / 2)), dimensions: dimensions)
        let second = try DiscreteMeasure(Array(real.suffix(real.count / 2)), dimensions: dimensions)
        var values: [(metric: String, split: String?, value: Double)] = [
            ("w1", nil, try wasserstein(generated, first)),
            (Self.floor, nil, try wasserstein(second, first)),
            ("w2", nil, try wasserstein(generated, first, p: 2)),
            ("sliced", nil, try SlicedWasserstein(generated, first, seed: 0).distance),
        ]
        if let mixture = (distribution as? any MixtureDistribution)?.mixture {
            let modes = try MixtureModes(
                centres: FeatureMatrix(mixture.means, dimensions: dimensions),
                standardDeviations: mixture.standardDeviations.map(Double.init))
            let samples = try run.generated(modeSamples, seed: seed)
            let coverage = try ModeCoverage(
                of: FeatureMatrix(samples, dimensions: dimensions), in: modes)
            values += [
                ("modes-recovered of \(modes.count)", nil, Double(coverage.modesRecovered)),
                ("high-quality-share", nil, coverage.highQualityShare),
                ("reverse-kl", nil, coverage.reverseKL),
            ]
        }
        return values
    }
}
