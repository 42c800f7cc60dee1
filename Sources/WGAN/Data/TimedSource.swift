import Synchronization
public import TensorGraph

/// Samples as another source gives them, with the time that was spent until they were there.
///
/// Copies share the time.
public struct TimedSource: SampleSource {
    private final class Total: Sendable {
        let nanoseconds = Atomic(0)
    }

    private var source: any SampleSource
    private let total = Total()

    /// Samples of `source`.
    public init(_ source: any SampleSource) { self.source = source }

    public var sampleShape: Shape { source.sampleShape }
    public var labels: BatchLabels? { source.labels }
    public var batchesPerEpoch: Int? { source.batchesPerEpoch }

    /// How long all batches so far took, from being asked for to being there.
    public var waited: Duration {
        .nanoseconds(total.nanoseconds.load(ordering: .relaxed))
    }

    public mutating func fill(
        _ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64
    ) {
        let start = ContinuousClock.now
        source.fill(memory, batch: batch, seed: seed)
        let spent = (ContinuousClock.now - start) / .nanoseconds(1)
        total.nanoseconds.wrappingAdd(Int(spent), ordering: .relaxed)
    }
}
