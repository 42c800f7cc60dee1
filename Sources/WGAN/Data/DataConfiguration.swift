public import Datasets
public import TensorGraph

/// Data that a training was configured with: known in its shape, and not yet read.
public protocol DataConfiguration: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// What points are drawn from; nil for images, whose number is finite.
    var distribution: (any PointDistribution)? { get }
    /// The published data set that images are from, where they are; judging then knows a classifier
    /// and the other part of the data.
    var published: PublishedImages? { get }

    /// Opens the data.
    ///
    /// - Parameters:
    ///   - batchSize: Samples in a batch.
    ///   - seed: What the order of finite data is a function of.
    ///   - folder: Where the files of named data sets are; where nil, `DatasetLocation` says it.
    /// - Throws: `ImageSetError`, `IDXError` or `EpochOrderError` for files that are missing, cannot
    ///   be read or hold too little.
    func source(batchSize: Int, seed: UInt64, folder: String?) throws -> any SampleSource
}

extension DataConfiguration {
    /// Most data is not from a published set.
    public var published: PublishedImages? { nil }
}

/// Images of MNIST or of a data set in the same files, or one class of them.
public struct PublishedImages: Hashable, Sendable {
    /// Which data set.
    public let variant: MNISTVariant
    /// The part that a training is on.
    public let split: DatasetSplit
    /// The only class; nil for all.
    public let label: Int?

    /// Reads a part of the same data set, with the same classes.
    ///
    /// - Parameter folder: Where the files are; where nil, `DatasetLocation` says it.
    /// - Throws: `ImageSetError` and `IDXError` for files that are missing or cannot be read.
    public func images(_ split: DatasetSplit, folder: String?) throws -> ImageSet {
        let images = try ImageSet.mnist(variant, split, folder: folder)
        return try label.map(images.filtered(toClass:)) ?? images
    }
}

/// Points drawn from a distribution.
struct PointData: DataConfiguration {
    private let drawn: any PointDistribution

    init(_ distribution: any PointDistribution) { drawn = distribution }

    var sampleShape: Shape { [drawn.dimensions] }
    var distribution: (any PointDistribution)? { drawn }

    func source(batchSize: Int, seed: UInt64, folder: String?) -> any SampleSource {
        PointSource(drawn)
    }
}

/// Images that are read from files.
struct ImageData: DataConfiguration {
    let sampleShape: Shape
    var distribution: (any PointDistribution)? { nil }
    let published: PublishedImages?
    private let load: @Sendable (_ folder: String?) throws -> ImageSet

    /// Images of this shape, `[H, W, C]`, that `load` reads.
    init(_ sampleShape: Shape, load: @escaping @Sendable (_ folder: String?) throws -> ImageSet) {
        self.sampleShape = sampleShape
        self.load = load
        published = nil
    }

    /// Images of 28×28 pixels of a published data set.
    init(_ images: PublishedImages) {
        sampleShape = [28, 28, 1]
        published = images
        load = { try images.images(images.split, folder: $0) }
    }

    func source(batchSize: Int, seed: UInt64, folder: String?) throws -> any SampleSource {
        try ImageSource(load(folder), batchSize: batchSize, seed: seed)
    }
}
