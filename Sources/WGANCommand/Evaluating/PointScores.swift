import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import OptimalTransport
import Runs
import TensorGraph
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

/// How many of the thousand classes of stacked digits a generator makes.
struct StackedScores {
    /// Samples whose classes are counted, as in PacGAN's code.
    static let usualCount = 26_000

    /// How many samples are looked at.
    let count: Int
    private let run: FinishedRun
    private let classifier: StackedDigitClassifier
    /// What the same classifier finds among as many real images.
    private let real: ClassCoverage

    /// Counts the classes of real images.
    init(_ run: FinishedRun, _ data: StackedDigitData, count: Int) throws {
        (self.run, self.count) = (run, count)
        classifier = try StackedDigitClassifier(on: CPUDevice(threads: run.threads))
        let stacks = try run.stacks(data).fresh(count, seed: 0, step: 0)
        real = try classifier.coverage(count: count, side: stacks.side) { images, room in
            Array(images).withUnsafeBufferPointer { stacks.fill(batch: $0, into: room) }
        }
    }

    /// What results say about real images.
    var facts: [String: JSONValue] {
        [
            "modeSamples": .integer(count), "realClassesFound": .integer(real.classesFound),
            "realKLUniform": .number(real.divergence), "floorKLUniform": .number(real.floor),
        ]
    }

    /// The measures of generated samples, of which the first ``count`` are looked at.
    func values(_ samples: [Float]) throws -> ImageScores.Values {
        let side = run.sampler.sampleShape[0]
        let size = run.sampler.sampleShape.count
        let classes = try classifier.classes(count: count, side: side) { images, room in
            _ = room.update(
                fromContentsOf: samples[images.lowerBound * size..<images.upperBound * size])
        }
        let coverage = try ClassCoverage(of: classes, among: StackedDigits.classCount)
        let values: ImageScores.Values = [
            ("classes-found of \(StackedDigits.classCount)", nil, Double(coverage.classesFound)),
            ("kl-uniform", nil, coverage.divergence),
        ]
        guard let condition = run.configuration.setup.condition else { return values }
        let agreeing = zip(classes, condition.cycle(count)).count { $0 == $1 }
        return values + [("classAgreement", nil, Double(agreeing) / Double(count))]
    }
}
