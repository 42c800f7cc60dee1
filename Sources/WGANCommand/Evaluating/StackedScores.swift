import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Runs
import TensorGraph
import WGAN

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
        classifier = try StackedDigitClassifier(on: CPUDevice(threads: run.device.threads))
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
