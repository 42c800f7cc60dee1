public import Datasets
public import TensorGraph

/// Stacked digits, prepared in the background: those of a fixed set in an order that is new in
/// every epoch, or fresh ones without end.
public struct StackedDigitSource: SampleSource {
    public let sampleShape: Shape
    public let labels: BatchLabels?
    public let batchesPerEpoch: Int?
    private let prefetcher: Prefetcher

    /// Batches of a fixed set; the order is a function of the seed and the epoch.
    ///
    /// - Throws: `EpochOrderError` where a batch would be larger than the set.
    public init(_ stacks: StackedDigits, batchSize: Int, seed: UInt64) throws {
        var order = try EpochOrder(
            sampleCount: stacks.count, batchSize: batchSize, seed: seed,
            stream: PointSource.stream)
        sampleShape = Self.shape(stacks.side)
        labels = BatchLabels(stacks.labels, order: order)
        batchesPerEpoch = order.batchesPerEpoch
        prefetcher = Prefetcher(batchLength: batchSize * sampleShape.count) { memory, batch in
            order.withBatch(batch) { stacks.fill(batch: $0, into: memory) }
        }
    }

    /// Fresh images of the same digits in every batch, a function of the seed and the batch's
    /// number.
    public init(endlessly stacks: StackedDigits, batchSize: Int, seed: UInt64) {
        sampleShape = Self.shape(stacks.side)
        (labels, batchesPerEpoch) = (nil, nil)
        prefetcher = Prefetcher(batchLength: batchSize * sampleShape.count) { memory, batch in
            Array(0..<batchSize).withUnsafeBufferPointer {
                stacks.fresh(batchSize, seed: seed, step: batch).fill(batch: $0, into: memory)
            }
        }
    }

    private static func shape(_ side: Int) -> Shape { [side, side, 3] }

    public func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64) {
        prefetcher.fill(memory, batch: batch)
    }
}
