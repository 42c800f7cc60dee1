import Datasets
import OptimalTransport
import Philox
import WGAN

/// The exact distance between generated and real points, to hold the critic's estimate against.
struct ExactCheck {
    /// Points on each side.
    static let count = 1000
    /// Streams of fresh real points, which no training step draws from.
    private static let streams: (first: UInt32, second: UInt32) = (1 << 25, 1 << 25 + 1)

    /// W₁ between generated and real samples, in the unit of the coordinates.
    let distance: Double
    /// W₁ between two real samples: what a perfect generator would reach on average.
    let floor: Double

    /// Solves two assignment problems of ``count`` against ``count`` points.
    init(_ trainer: Trainer, _ distribution: any PointDistribution) throws {
        let real = { (stream: UInt32) in
            var random = RandomStream(seed: trainer.setup.seed, stream: stream)
            return distribution.sample(Self.count, using: &random)
        }
        let first = real(Self.streams.first)
        let generated = try trainer.sample(Self.count, seed: trainer.setup.seed)
        // The last update may have ruined the generator without a loss that shows it.
        guard generated.allSatisfy(\.isFinite) else {
            throw TrainingError.nonFinite(step: trainer.step, quantity: "a generated point")
        }
        distance = try exactWasserstein1(generated, first, dimensions: distribution.dimensions)
        floor = try exactWasserstein1(
            real(Self.streams.second), first, dimensions: distribution.dimensions)
    }
}
