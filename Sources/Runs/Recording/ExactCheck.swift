import Datasets
import OptimalTransport
import Philox
import TensorGraph
import WGAN

/// The exact distance between generated and real points, to hold the critic's estimate against.
public struct ExactCheck: Sendable {
    /// Points on each side.
    static let count = 1000

    /// W₁ between generated and real samples, in the unit of the coordinates.
    public let distance: Double
    /// W₁ between two real samples: what a perfect generator would reach on average.
    public let floor: Double

    /// Solves two assignment problems of ``count`` against ``count`` points.
    init(_ trainer: Trainer, _ distribution: any PointDistribution) throws {
        distance = try Self.distance(trainer, distribution)
        floor = try exactWasserstein1(
            Self.real(
                distribution, seed: trainer.setup.seed, stream: ReservedStream.exactDistanceFloor),
            Self.real(distribution, seed: trainer.setup.seed),
            dimensions: distribution.dimensions)
    }

    /// W₁ between generated and real samples alone.
    static func distance(
        _ trainer: Trainer, _ distribution: any PointDistribution
    ) throws -> Double {
        try exactWasserstein1(
            trainer.finiteSamples(count), real(distribution, seed: trainer.setup.seed),
            dimensions: distribution.dimensions)
    }

    /// ``count`` real points, always the same ones for a seed.
    static func real(
        _ distribution: any PointDistribution, seed: UInt64,
        stream: UInt32 = ReservedStream.exactDistance
    ) -> [Float] {
        var random = RandomStream(seed: seed, stream: stream)
        return distribution.sample(count, using: &random)
    }
}

extension Trainer {
    /// Samples of the generator as it is now, always of the same latents.
    ///
    /// - Throws: `TrainingError/nonFinite(step:quantity:)`: the last update may have ruined the
    ///   generator without a loss that shows it.
    func finiteSamples(_ count: Int) throws -> [Float] {
        let samples = try sample(count, seed: setup.seed)
        guard samples.allSatisfy(\.isFinite) else {
            let kind = sampleShape.rank == 1 ? "point" : "pixel"
            throw TrainingError.nonFinite(step: step, quantity: "a generated \(kind)")
        }
        return samples
    }
}
