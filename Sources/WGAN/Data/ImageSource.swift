public import Datasets
import Philox
public import TensorGraph

/// Images in an order that is new in every epoch, scaled to −1…1.
public struct ImageSource: SampleSource {
    /// All images, in the order of their files.
    public let images: ImageSet
    /// Whether images are mirrored left to right at random.
    public let flips: Bool
    /// The largest label and one; nil for images without labels.
    public let classCount: Int?
    private let seed: UInt64
    private var order: EpochOrder

    /// Batches of `images`.
    ///
    /// - Parameters:
    ///   - images: The images.
    ///   - batchSize: Images in a batch, from 1 to their number.
    ///   - seed: What the order is a function of, beside the epoch.
    ///   - flips: Whether every second image on average is mirrored left to right.
    /// - Throws: `EpochOrderError` where a batch would be larger than the data set.
    public init(
        _ images: ImageSet, batchSize: Int, seed: UInt64, flips: Bool = false
    ) throws {
        (self.images, self.flips, self.seed) = (images, flips, seed)
        classCount = images.labels?.max().map { Int($0) + 1 }
        order = try EpochOrder(
            sampleCount: images.count, batchSize: batchSize, seed: seed,
            stream: ReservedStream.data)
    }

    /// `[H, W, C]`.
    public var sampleShape: Shape { [images.height, images.width, images.channels] }
    /// Whole batches of all images; those that fill no last batch sit the epoch out.
    public var batchesPerEpoch: Int? { order.batchesPerEpoch }
    /// True: bytes become numbers, and may have to be read from a file.
    public var isSlow: Bool { true }

    /// Fills a batch with pixels in −1…1 and, where they are asked for, labels.
    ///
    /// - Parameters:
    ///   - batch: Where its samples go.
    ///   - number: Its number, counted from 0 over all epochs.
    /// - Complexity: The first batch of another epoch than before shuffles all images' indices.
    public mutating func fill(_ batch: Batch, number: Int) {
        let (images, flips, seed) = (images, flips, seed)
        let epoch = order.epoch(ofStep: number)
        order.withBatch(number) { indices in
            images.fill(batch: indices, into: batch.samples) { image in
                flips && Self.isMirrored(image, inEpoch: epoch, seed: seed)
            }
            batch.labels?.set(images.labels, of: indices)
        }
    }

    /// The pixels, where they are at most a gigabyte: a GPU has room for that.
    public var table: ByteTable? {
        guard images.count <= (1 << 30) / images.imageSize else { return nil }
        return ByteTable(images.pixels, rowShape: sampleShape)
    }

    /// Names the images of a batch.
    public mutating func fill(
        rows: UnsafeMutableBufferPointer<Int32>, labels: UnsafeMutableBufferPointer<Float>?,
        number: Int
    ) {
        let (flips, seed, all) = (flips, seed, images.labels)
        let epoch = order.epoch(ofStep: number)
        order.withBatch(number) { indices in
            for (place, image) in indices.enumerated() {
                let isMirrored = flips && Self.isMirrored(image, inEpoch: epoch, seed: seed)
                rows[place] = Int32(isMirrored ? -1 - image : image)
            }
            labels?.set(all, of: indices)
        }
    }

    /// Whether an image is mirrored in an epoch; both are counted from 0.
    ///
    /// A function of these alone: neither the order of images nor the size of batches matters.
    static func isMirrored(_ image: Int, inEpoch epoch: Int, seed: UInt64) -> Bool {
        let bits = Philox.block(
            index: UInt32(truncatingIfNeeded: image), seed: seed, stream: ReservedStream.mirroring,
            step: UInt64(epoch))
        return bits[0] & 1 == 1
    }
}

/// Stacked digits: those of a fixed set in an order that is new in every epoch, or fresh ones
/// without end.
public struct StackedDigitSource: SampleSource {
    private let stacks: StackedDigits
    private let labels: [UInt16]?
    /// The largest label and one, at most 1000; nil for fresh images, which have no labels.
    public let classCount: Int?
    private let seed: UInt64
    private let batchSize: Int
    /// Nil for fresh images.
    private var order: EpochOrder?

    /// Batches of a fixed set; the order is a function of the seed and the epoch.
    ///
    /// - Throws: `EpochOrderError` where a batch would be larger than the set.
    public init(_ stacks: StackedDigits, batchSize: Int, seed: UInt64) throws {
        let labels = stacks.labels
        (self.stacks, self.batchSize, self.seed) = (stacks, batchSize, seed)
        (self.labels, classCount) = (labels, labels.max().map { Int($0) + 1 })
        order = try EpochOrder(
            sampleCount: stacks.count, batchSize: batchSize, seed: seed,
            stream: ReservedStream.data)
    }

    /// Fresh images of the same digits in every batch, a function of the seed and the batch's
    /// number.
    public init(endlessly stacks: StackedDigits, batchSize: Int, seed: UInt64) {
        (self.stacks, self.batchSize, self.seed) = (stacks, batchSize, seed)
        (labels, classCount, order) = (nil, nil, nil)
    }

    /// `[28, 28, 3]` or, with black pixels around, `[32, 32, 3]`.
    public var sampleShape: Shape { [stacks.side, stacks.side, 3] }
    /// Whole batches of the fixed set; nil for fresh images.
    public var batchesPerEpoch: Int? { order?.batchesPerEpoch }
    /// True: each image is put together from three digits.
    public var isSlow: Bool { true }

    /// Fills a batch with pixels in −1…1 and, for a fixed set and where they are asked for, labels.
    ///
    /// - Parameters:
    ///   - batch: Where its samples go.
    ///   - number: Its number, counted from 0 over all epochs.
    public mutating func fill(_ batch: Batch, number: Int) {
        let (stacks, labels) = (stacks, labels)
        guard order != nil else {
            Array(0..<batchSize).withUnsafeBufferPointer {
                stacks.fresh(batchSize, seed: seed, step: number).fill(
                    batch: $0, into: batch.samples)
            }
            return
        }
        order?.withBatch(number) { indices in
            stacks.fill(batch: indices, into: batch.samples)
            batch.labels?.set(labels, of: indices)
        }
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Fills in the labels of samples, where there are some.
    fileprivate func set(_ all: [UInt16]?, of samples: UnsafeBufferPointer<Int>) {
        guard let all else { return }
        for (place, sample) in samples.enumerated() { self[place] = Float(all[sample]) }
    }
}
