import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import OptimalTransport
import TensorGraph
import WGAN

/// Measures at each checkpoint how far the generator's samples are from the data, so that the best
/// one is known.
///
/// Real samples, latents and directions are the same each time. The training's random numbers and
/// its place in the data stay as they are.
struct BestMeasurement {
    /// Images on each side that a classifier sees.
    private static let seenImages = 2000
    /// The most numbers of samples that are projected on lines.
    private static let projectedNumbers = 4_000_000

    /// The measure's name.
    let name: String
    /// The distance of the generator as it is now: with its averaged weights where it has them.
    let value: (Trainer) throws -> Double

    /// Prepares a measure that the run's configuration allows.
    ///
    /// - Throws: What reading the data throws.
    init(_ measure: OutputConfiguration.BestMeasure, of run: RecordedTraining) throws {
        name = measure.rawValue
        switch (measure, run.distribution, run.published) {
        case (.exactW1, let distribution?, _):
            value = { try ExactCheck.distance($0, distribution) }
        case (.slicedW1, let distribution, _):
            value = { try Self.slicedDistance($0, distribution) }
        case (.fid, _, let published?):
            let seen = try Self.seen(published, of: run)
            value = { try FrechetDistance(seen.generated($0), seen.real).value }
        case (.kid, _, let published?):
            let seen = try Self.seen(published, of: run)
            value = { try KernelDistanceBySubsets(seen.generated($0), seen.real, seed: 0).mean }
        default: preconditionFailure("configurations name measures of their data alone")
        }
    }

    /// The mean W₁ of projections on 100 directions, as in an audit of the critic.
    private static func slicedDistance(
        _ trainer: Trainer, _ distribution: (any PointDistribution)?
    ) throws -> Double {
        let size = trainer.sampleShape.count
        let count = max(min(ExactCheck.count, projectedNumbers / size), 100)
        let real =
            distribution.map { ExactCheck.real($0, seed: trainer.setup.seed) }
            ?? trainer.realSamples(count)
        return try SlicedWasserstein(
            DiscreteMeasure(trainer.finiteSamples(real.count / size), dimensions: size),
            DiscreteMeasure(real, dimensions: size), p: 1, seed: 0
        ).distance
    }

    /// Features of the training data, and of generated images.
    private typealias Seen = (
        real: FeatureMatrix, generated: (Trainer) throws -> FeatureMatrix
    )

    private static func seen(_ published: PublishedImages, of run: RecordedTraining) throws -> Seen
    {
        let extractor = try FeatureExtractor(
            BuiltInClassifier(published.variant).network, on: CPUDevice(threads: run.threads))
        let images = try published.images(published.split, folder: run.fingerprint?.folder)
        return (
            try extractor.result(
                of: images, rows: Array(0..<min(seenImages, images.count))
            ).features,
            { trainer in
                try extractor.result(
                    of: trainer.finiteSamples(seenImages), shape: trainer.sampleShape
                ).features
            }
        )
    }
}
