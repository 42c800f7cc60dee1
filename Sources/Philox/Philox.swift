/// The counter-based generator Philox 4×32 with ten rounds.
///
/// A pure function from a counter and a key to 128 random bits: the same numbers come out on every
/// machine, in any order and for any split of the work.
///
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; checked against the
/// published test vectors of Random123.
public enum Philox {
    /// Four random words for one counter and key.
    ///
    /// - Parameters:
    ///   - counter: Four words, lowest first.
    ///   - key: Two words, lowest first.
    public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var state = counter
        var roundKey = key
        for round in 0..<10 {
            if round > 0 { roundKey &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
            let first = UInt64(state[0]) * 0xD251_1F53
            let second = UInt64(state[2]) * 0xCD9E_8D57
            state = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ state[1] ^ roundKey[0],
                UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ state[3] ^ roundKey[1],
                UInt32(truncatingIfNeeded: first))
        }
        return state
    }

    /// The block number `index` of the sequence that seed, stream and step select.
    ///
    /// The counter is `(index, stream, step low, step high)`, the key `(seed low, seed high)`.
    public static func block(
        index: UInt32, seed: UInt64, stream: UInt32, step: UInt64
    ) -> SIMD4<UInt32> {
        block(
            counter: SIMD4(
                index, stream, UInt32(truncatingIfNeeded: step),
                UInt32(truncatingIfNeeded: step >> 32)),
            key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    }

    /// A number in 0 ≤ u < 1, a multiple of 2⁻²⁴, from the upper bits of a random word.
    @inlinable
    public static func uniform(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }
}
