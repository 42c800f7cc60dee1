import Foundation

/// A sequence of random numbers selected by seed, stream and step; its state is a position.
///
/// Streams separate purposes (latents, data, initial weights) and steps separate draws, so that a
/// resumed run needs nothing but its step number to go on with the same numbers.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let seed: UInt64
    private let stream: UInt32
    private let step: UInt64
    private var index: UInt32 = 0
    private var block = SIMD4<UInt32>()
    private var used = 4
    private var spareNormal: Float?

    /// The sequence of `seed`, `stream` and `step`, from its beginning.
    public init(seed: UInt64, stream: UInt32, step: UInt64 = 0) {
        self.seed = seed
        self.stream = stream
        self.step = step
    }

    /// The next 32 random bits.
    public mutating func nextBits() -> UInt32 {
        if used == 4 {
            block = Philox.block(index: index, seed: seed, stream: stream, step: step)
            index &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextBits())
        return low | UInt64(nextBits()) << 32
    }

    /// A uniform number, 0 ≤ u < 1, a multiple of 2⁻²⁴.
    public mutating func nextUniform() -> Float { Philox.uniform(nextBits()) }

    /// A standard normal number by the Box–Muller transform, two from each pair of uniform numbers.
    public mutating func nextNormal() -> Float {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        let radius = (-2 * logf(1 - nextUniform())).squareRoot()
        let angle = 2 * Float.pi * nextUniform()
        spareNormal = radius * sinf(angle)
        return radius * cosf(angle)
    }
}

/// The random streams with a purpose of their own, so that nothing draws the numbers of another.
///
/// A training step counts its streams up: the critic's from 1, the generator's from
/// ``generatorStep``. Numbers are part of what a seed means and never change.
package enum ReservedStream {
    /// The first of a generator's update.
    package static let generatorStep: UInt32 = 1 << 16
    /// Points of a batch, and the order of an epoch's samples.
    package static let data: UInt32 = 1 << 24
    /// Which images of an epoch are mirrored.
    package static let mirroring: UInt32 = 1 << 24 + 1
    /// Digits of a fixed set of stacks.
    package static let stacks: UInt32 = 1 << 24 + 2
    /// Digits of stacks without an end, by step.
    package static let endlessStacks: UInt32 = 1 << 24 + 3
    /// Real points that a run's exact distance is measured to.
    package static let exactDistance: UInt32 = 1 << 25
    /// Real points that those are compared with.
    package static let exactDistanceFloor: UInt32 = 1 << 25 + 1
    /// Real points that pictures show.
    package static let shownPoints: UInt32 = 1 << 25 + 2
    /// Real points that a finished run is judged by.
    package static let judgingPoints: UInt32 = 1 << 25 + 8
    /// Which images a finished run is judged by.
    package static let judgingImages: UInt32 = 1 << 25 + 9
    /// Real points of the experiment on mode collapse.
    package static let modeCollapse: UInt32 = 1 << 25 + 12
    /// Points of a ring that are drawn once and kept.
    package static let keptRing: UInt32 = 1 << 26
    /// Directions of sliced distances.
    package static let directions: UInt32 = 1 << 26 + 1
    /// Funnels of pairs with a known distance.
    package static let knownPairs: UInt32 = 1 << 26 + 2
    /// Points that such a distance is computed from.
    package static let knownDistances: UInt32 = 1 << 26 + 3
    /// Initial values of parameters.
    package static let initialValues = UInt32.max

    /// All of them.
    package static let all = [
        generatorStep, data, mirroring, stacks, endlessStacks, exactDistance, exactDistanceFloor,
        shownPoints, judgingPoints, judgingImages, modeCollapse, keptRing, directions,
        knownPairs, knownDistances, initialValues,
    ]
}
