public import Datasets
import Philox
public import TensorGraph

/// Where real samples come from.
///
/// A batch is a function of its number and of the seed, so that a training can go on from any step.
public protocol SampleSource: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// Batches in one pass over the data; nil where the data is a distribution without end.
    var batchesPerEpoch: Int? { get }

    /// Fills `memory` with batch number `batch`, `[N, …]` in row-major order.
    mutating func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64)
}

/// Fresh points of a distribution in every batch.
public struct PointSource: SampleSource {
    /// Data has a random stream apart from those of programs.
    static let stream: UInt32 = 1 << 24

    private let distribution: any PointDistribution

    /// Points of `distribution`.
    public init(_ distribution: any PointDistribution) { self.distribution = distribution }

    public var sampleShape: Shape { [distribution.dimensions] }
    public var batchesPerEpoch: Int? { nil }

    public mutating func fill(
        _ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64
    ) {
        var random = RandomStream(seed: seed, stream: Self.stream, step: UInt64(batch))
        distribution.fill(memory, using: &random)
    }
}

/// Images in an order that is new in every epoch, scaled to −1…1.
public struct ImageSource: SampleSource {
    private let images: ImageSet
    private var order: EpochOrder

    /// Batches of `images`; the order is a function of the seed and the epoch.
    ///
    /// - Throws: `EpochOrderError` where a batch would be larger than the data set.
    public init(_ images: ImageSet, batchSize: Int, seed: UInt64) throws {
        self.images = images
        order = try EpochOrder(
            sampleCount: images.count, batchSize: batchSize, seed: seed,
            stream: PointSource.stream)
    }

    public var sampleShape: Shape { [images.height, images.width, images.channels] }
    public var batchesPerEpoch: Int? { order.batchesPerEpoch }

    public mutating func fill(
        _ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64
    ) {
        order.withBatch(batch) { images.fill(batch: $0, into: memory) }
    }
}
