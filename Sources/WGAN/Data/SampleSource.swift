public import Datasets
import Philox
public import TensorGraph

/// Where real samples come from.
///
/// A batch is a function of its number, so that a training can go on from any step; what else it
/// depends on, a seed above all, the source knows from its beginning. A copy is a source of its
/// own: audits and evaluations read with one, and disturb nothing.
///
/// ## The path of an image
///
/// `ImageFolder` lists the files of a folder (`FolderListing`), decodes them (`PictureDecoder`) and
/// keeps the pixels in memory or in a file (`ImageCache`) as an `ImageSet`. ``ImageSource``
/// shuffles that in every epoch and fills a ``Batch``; `Prefetcher` has the next ones ready for
/// the ``Trainer``.
public protocol SampleSource: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// The largest class number and one; nil where samples have no classes.
    var classCount: Int? { get }
    /// Batches in one pass over the data; nil where the data is a distribution without end.
    var batchesPerEpoch: Int? { get }
    /// Whether a batch takes so long that a training has the next ones made meanwhile.
    var isSlow: Bool { get }

    /// All samples as bytes that a device may keep; nil where there are no such bytes, or too many.
    ///
    /// - Complexity: A copy of them.
    var table: ByteTable? { get }

    /// Fills a batch.
    ///
    /// - Parameters:
    ///   - batch: Where its samples go.
    ///   - number: Its number, counted from 0 over all epochs.
    mutating func fill(_ batch: Batch, number: Int)

    /// Names the rows of the table that a batch consists of: a row's number, or minus one minus the
    /// number where it is mirrored.
    ///
    /// - Parameters:
    ///   - rows: Room for the rows.
    ///   - labels: Room for the samples' class numbers; nil where nobody asks for them.
    ///   - number: The batch's number, counted from 0 over all epochs.
    mutating func fill(
        rows: UnsafeMutableBufferPointer<Int32>, labels: UnsafeMutableBufferPointer<Float>?,
        number: Int)
}

extension SampleSource {
    /// Most samples have no classes.
    public var classCount: Int? { nil }
    /// Most data is drawn.
    public var batchesPerEpoch: Int? { nil }
    /// Most batches are there at once.
    public var isSlow: Bool { false }

    /// Most samples are numbers, not bytes.
    public var table: ByteTable? { nil }
    /// Called only where there is a table.
    public mutating func fill(
        rows: UnsafeMutableBufferPointer<Int32>, labels: UnsafeMutableBufferPointer<Float>?,
        number: Int
    ) {
        preconditionFailure("a source with a table says which rows a batch has")
    }

    /// Where batch number `batch` lies.
    public func position(ofBatch batch: Int) -> DataPosition {
        guard let count = batchesPerEpoch else { return DataPosition(epoch: 0, batch: batch) }
        return DataPosition(epoch: batch / count, batch: batch % count)
    }

    /// The samples of some batches, `[batches, N, …]`, by a copy of the source.
    ///
    /// - Parameter size: Samples in a batch, N: as many as the source was made for.
    package func samples(ofBatches numbers: Range<Int>, size: Int) -> [Float] {
        var source = self
        let length = size * sampleShape.count
        var samples = [Float](repeating: 0, count: numbers.count * length)
        samples.withUnsafeMutableBufferPointer { samples in
            for (place, number) in numbers.enumerated() {
                let room = samples.extracting(place * length..<(place + 1) * length)
                source.fill(Batch(samples: room), number: number)
            }
        }
        return samples
    }
}

/// Room for one batch: memory of whoever asks for it.
public struct Batch {
    /// `[N, …]` in row-major order.
    public let samples: UnsafeMutableBufferPointer<Float>
    /// The samples' class numbers, `[N]`; nil where nobody asks for them.
    public let labels: UnsafeMutableBufferPointer<Float>?

    /// Room for so many samples, and for their class numbers.
    public init(
        samples: UnsafeMutableBufferPointer<Float>,
        labels: UnsafeMutableBufferPointer<Float>? = nil
    ) {
        (self.samples, self.labels) = (samples, labels)
    }

    /// Copies another batch of the same sizes.
    func update(from other: Batch) {
        precondition(samples.count == other.samples.count, "the batch must fit its room")
        _ = samples.update(from: other.samples)
        if let labels, let others = other.labels { _ = labels.update(from: others) }
    }
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

/// Fresh points of a distribution in every batch.
public struct PointSource: SampleSource {

    /// What the points are drawn from.
    public let distribution: any PointDistribution
    private let seed: UInt64

    /// Points of `distribution`.
    ///
    /// - Parameters:
    ///   - distribution: What the points are drawn from.
    ///   - seed: What the points are a function of.
    public init(_ distribution: any PointDistribution, seed: UInt64) {
        (self.distribution, self.seed) = (distribution, seed)
    }

    /// One number for each coordinate of a point: `[2]` in the plane.
    public var sampleShape: Shape { [distribution.dimensions] }

    /// Fills a batch with fresh points, a function of the seed and the batch's number.
    public mutating func fill(_ batch: Batch, number: Int) {
        var random = RandomStream(seed: seed, stream: ReservedStream.data, step: UInt64(number))
        distribution.fill(batch.samples, using: &random)
    }
}
