import Philox

/// Which images are mirrored left to right, every second one on average, anew in each epoch.
///
/// A function of seed, stream, epoch and image alone: neither the order of images nor the size of
/// batches matters.
public struct RandomMirroring: Sendable, Hashable {
    private let seed: UInt64
    private let stream: UInt32

    /// - Parameters:
    ///   - seed: The run's seed.
    ///   - stream: The random stream that is set aside for this purpose.
    public init(seed: UInt64, stream: UInt32) {
        self.seed = seed
        self.stream = stream
    }

    /// Whether an image is mirrored in an epoch; both are counted from 0.
    public func isMirrored(_ image: Int, inEpoch epoch: Int) -> Bool {
        let bits = Philox.block(
            index: UInt32(truncatingIfNeeded: image), seed: seed, stream: stream,
            step: UInt64(epoch))
        return bits[0] & 1 == 1
    }
}
