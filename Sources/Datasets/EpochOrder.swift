import Philox

/// The order in which training visits the samples of a finite data set.
///
/// Each epoch is a permutation that depends on seed, stream and epoch alone, cut into batches; the
/// samples that do not fill a last batch sit that epoch out. Any step can be reached directly, so
/// a resumed run needs nothing but its step number.
public struct EpochOrder: Sendable {
    /// How many samples there are.
    public let sampleCount: Int
    /// How many samples a step takes.
    public let batchSize: Int
    private let seed: UInt64
    private let stream: UInt32
    private var permutation: [Int]
    private var heldEpoch: Int?

    /// How many whole batches an epoch has.
    public var batchesPerEpoch: Int { sampleCount / batchSize }

    /// An order of `sampleCount` samples in batches.
    ///
    /// - Parameters:
    ///   - sampleCount: 1 or more.
    ///   - batchSize: From 1 to `sampleCount`.
    ///   - seed: The run's seed.
    ///   - stream: The random stream that is set aside for this purpose.
    /// - Throws: ``EpochOrderError`` when there is no sample or a batch cannot be filled.
    public init(sampleCount: Int, batchSize: Int, seed: UInt64, stream: UInt32) throws {
        guard sampleCount > 0 else { throw EpochOrderError.noSamples }
        guard (1...sampleCount).contains(batchSize) else {
            throw EpochOrderError.batchSize(batchSize, sampleCount: sampleCount)
        }
        self.sampleCount = sampleCount
        self.batchSize = batchSize
        self.seed = seed
        self.stream = stream
        permutation = Array(0..<sampleCount)
    }

    /// The epoch that a step belongs to, both counted from 0.
    public func epoch(ofStep step: Int) -> Int { step / batchesPerEpoch }

    /// Calls `body` with the samples of one step, without allocating.
    ///
    /// - Parameters:
    ///   - step: Counted from 0 over all epochs.
    ///   - body: Receives ``batchSize`` indices, valid during the call.
    /// - Complexity: O(1) within an epoch, O(samples) when the epoch is another than before.
    public mutating func withBatch<Result>(
        _ step: Int, _ body: (UnsafeBufferPointer<Int>) throws -> Result
    ) rethrows -> Result {
        precondition(step >= 0, "steps are counted from 0")
        let epoch = epoch(ofStep: step)
        if epoch != heldEpoch { shuffle(forEpoch: epoch) }
        let start = (step - epoch * batchesPerEpoch) * batchSize
        return try permutation.withUnsafeBufferPointer {
            try body(UnsafeBufferPointer(rebasing: $0[start..<start + batchSize]))
        }
    }

    /// Fisher–Yates from the identity, so that no earlier epoch matters.
    private mutating func shuffle(forEpoch epoch: Int) {
        var random = RandomStream(seed: seed, stream: stream, step: UInt64(epoch))
        permutation.withUnsafeMutableBufferPointer { order in
            for index in order.indices { order[index] = index }
            for index in order.indices.dropFirst().reversed() {
                order.swapAt(index, Self.uniform(below: index + 1, using: &random))
            }
        }
        heldEpoch = epoch
    }

    /// An unbiased number in 0..<bound.
    ///
    /// Not the standard library's: its method may change, and with it the order of old runs.
    ///
    /// Source: Lemire 2019, "Fast random integer generation in an interval", arXiv:1805.10941.
    static func uniform(below bound: Int, using random: inout RandomStream) -> Int {
        let bound = UInt64(bound)
        var product = random.next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold {
                product = random.next().multipliedFullWidth(by: bound)
            }
        }
        return Int(product.high)
    }
}

/// Why samples cannot be ordered into batches.
public enum EpochOrderError: Error, Equatable, CustomStringConvertible {
    /// A data set without samples.
    case noSamples
    /// A batch size below one, or above the number of samples.
    case batchSize(Int, sampleCount: Int)

    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .noSamples:
            "The data set has no samples; give at least one."
        case .batchSize(let size, let sampleCount):
            "A batch of \(size) cannot be filled from \(sampleCount) samples; "
                + "choose a batch size from 1 to \(sampleCount)."
        }
    }
}
