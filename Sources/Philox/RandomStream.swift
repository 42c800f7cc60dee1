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
