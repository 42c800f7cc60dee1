/// Batches of images as numbers, in an order that is new in every epoch.
///
/// A batch is a function of its number, the seed and the streams.
public struct ImageBatches: Sendable {
    /// The images.
    public let images: ImageSet
    private var order: EpochOrder
    private let mirroring: RandomMirroring?

    /// How many whole batches an epoch has.
    public var batchesPerEpoch: Int { order.batchesPerEpoch }
    /// How many numbers a batch has: N·H·W·C.
    public var batchLength: Int { order.batchSize * images.imageSize }

    /// - Parameters:
    ///   - images: The images.
    ///   - batchSize: Images in a batch, from 1 to their number.
    ///   - seed: The seed that the order is a function of.
    ///   - stream: The random stream that is set aside for the order.
    ///   - mirroring: Which of them are mirrored; none where nil.
    /// - Throws: ``EpochOrderError`` where a batch cannot be filled.
    public init(
        _ images: ImageSet, batchSize: Int, seed: UInt64, stream: UInt32,
        mirroring: RandomMirroring? = nil
    ) throws {
        self.images = images
        self.mirroring = mirroring
        order = try EpochOrder(
            sampleCount: images.count, batchSize: batchSize, seed: seed, stream: stream)
    }

    /// Writes a batch, without allocating.
    ///
    /// - Parameters:
    ///   - memory: Room for `[N, H, W, C]` numbers in −1…1.
    ///   - batch: Its number, counted from 0 over all epochs.
    public mutating func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int) {
        let (images, mirroring) = (images, mirroring)
        let epoch = order.epoch(ofStep: batch)
        order.withBatch(batch) { indices in
            images.fill(batch: indices, into: memory) { image in
                mirroring?.isMirrored(image, inEpoch: epoch) ?? false
            }
        }
    }
}
