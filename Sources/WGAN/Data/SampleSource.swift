public import Datasets
import Philox
public import TensorGraph

/// Where real samples come from.
///
/// A batch is a function of its number and of the seed, so that a training can go on from any step.
public protocol SampleSource: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// The samples' classes; nil where they have none.
    var labels: BatchLabels? { get }
    /// Batches in one pass over the data; nil where the data is a distribution without end.
    var batchesPerEpoch: Int? { get }

    /// Fills `memory` with batch number `batch`, `[N, …]` in row-major order.
    mutating func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64)
}

/// A place in the data.
public struct DataPosition: Hashable, Sendable {
    /// Passes over the data before this one; 0 where the data has no end.
    public var epoch: Int
    /// Batches of this pass before the place.
    public var batch: Int

    /// The place after so many passes and batches.
    public init(epoch: Int, batch: Int) { (self.epoch, self.batch) = (epoch, batch) }
}

extension SampleSource {
    /// Where batch number `batch` lies.
    public func position(ofBatch batch: Int) -> DataPosition {
        guard let count = batchesPerEpoch else { return DataPosition(epoch: 0, batch: batch) }
        return DataPosition(epoch: batch / count, batch: batch % count)
    }

    /// The first `count` samples of a source with one in each batch, `[count, …]`.
    package func samples(_ count: Int, seed: UInt64) -> [Float] {
        var source = self
        let size = sampleShape.count
        var samples = [Float](repeating: 0, count: count * size)
        samples.withUnsafeMutableBufferPointer { samples in
            for batch in 0..<count {
                source.fill(
                    samples.extracting(batch * size..<(batch + 1) * size), batch: batch,
                    seed: seed)
            }
        }
        return samples
    }
}

/// Fresh points of a distribution in every batch.
public struct PointSource: SampleSource {
    /// Data has a random stream apart from those of programs.
    static let stream: UInt32 = 1 << 24

    private let distribution: any PointDistribution

    /// Points of `distribution`.
    public init(_ distribution: any PointDistribution) { self.distribution = distribution }

    public var sampleShape: Shape { [distribution.dimensions] }
    public var labels: BatchLabels? { nil }
    public var batchesPerEpoch: Int? { nil }

    public mutating func fill(
        _ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64
    ) {
        var random = RandomStream(seed: seed, stream: Self.stream, step: UInt64(batch))
        distribution.fill(memory, using: &random)
    }
}

/// Images in an order that is new in every epoch, scaled to −1…1.
///
/// The next batches are prepared in the background while the present one is in use.
public struct ImageSource: SampleSource {
    /// Which images are mirrored has a random stream beside that of their order.
    private static let mirroringStream = PointSource.stream + 1

    public let sampleShape: Shape
    public let labels: BatchLabels?
    public let batchesPerEpoch: Int?
    /// All images, in the order of their files.
    public let images: ImageSet
    /// Whether images are mirrored left to right at random.
    public let mirrors: Bool
    private let prefetcher: Prefetcher

    /// Batches of `images`; the order is a function of the seed and the epoch.
    ///
    /// - Parameters:
    ///   - images: The images.
    ///   - batchSize: Images in a batch, from 1 to their number.
    ///   - seed: What the order is a function of.
    ///   - mirrors: Whether every second image on average is mirrored left to right.
    /// - Throws: `EpochOrderError` where a batch would be larger than the data set.
    public init(
        _ images: ImageSet, batchSize: Int, seed: UInt64, mirrors: Bool = false
    ) throws {
        (self.images, self.mirrors) = (images, mirrors)
        var batches = try ImageBatches(
            images, batchSize: batchSize, seed: seed, stream: PointSource.stream,
            mirroring: mirrors ? RandomMirroring(seed: seed, stream: Self.mirroringStream) : nil)
        sampleShape = [images.height, images.width, images.channels]
        labels = try BatchLabels(
            images.labels,
            order: EpochOrder(
                sampleCount: images.count, batchSize: batchSize, seed: seed,
                stream: PointSource.stream))
        batchesPerEpoch = batches.batchesPerEpoch
        prefetcher = Prefetcher(batchLength: batches.batchLength) { memory, batch in
            batches.fill(memory, batch: batch)
        }
    }

    public func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int, seed: UInt64) {
        prefetcher.fill(memory, batch: batch)
    }
}
