public import Datasets
public import TensorGraph

/// Data that a training was configured with: known in its shape, and not yet read.
public protocol DataConfiguration: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// Whether each sample has a class, which conditional networks are told.
    var hasLabels: Bool { get }
    /// What points are drawn from; nil for images, whose number is finite.
    var distribution: (any PointDistribution)? { get }
    /// The published data set that images are from, where they are; judging then knows a classifier
    /// and the other part of the data.
    var published: PublishedImages? { get }

    /// The setting that names the data's own folder, such as `data.imageFolder.path`; nil for data
    /// without such a setting.
    var folderSetting: String? { get }

    /// Opens the data.
    ///
    /// - Parameters:
    ///   - batchSize: Samples in a batch.
    ///   - seed: What the order of finite data is a function of.
    ///   - folder: Where the files of named data sets are, or the images themselves for data with
    ///     a ``folderSetting``; where nil, `DatasetLocation` or the setting says it.
    ///   - report: Is told what happens on the way.
    /// - Throws: `ImageSetError`, `IDXError`, `ImageFolderError` or `EpochOrderError` for files that
    ///   are missing, cannot be read or hold too little.
    func source(
        batchSize: Int, seed: UInt64, folder: String?, report: DataReport
    ) throws -> any SampleSource
}

extension DataConfiguration {
    /// Most data has no labels.
    public var hasLabels: Bool { false }
    /// Most data is not from a published set.
    public var published: PublishedImages? { nil }
    /// Most data has no folder of its own.
    public var folderSetting: String? { nil }

    /// Opens the data and tells nothing on the way.
    public func source(
        batchSize: Int, seed: UInt64, folder: String?
    ) throws -> any SampleSource {
        try source(batchSize: batchSize, seed: seed, folder: folder, report: DataReport())
    }
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

    func source(
        batchSize: Int, seed: UInt64, folder: String?, report: DataReport
    ) -> any SampleSource {
        PointSource(drawn)
    }
}

/// Images that are read from files.
struct ImageData: DataConfiguration {
    let sampleShape: Shape
    var distribution: (any PointDistribution)? { nil }
    let published: PublishedImages?
    let hasLabels: Bool
    private let load: @Sendable (_ folder: String?) throws -> ImageSet

    /// Images of this shape, `[H, W, C]`, that `load` reads.
    init(
        _ sampleShape: Shape, hasLabels: Bool,
        load: @escaping @Sendable (_ folder: String?) throws -> ImageSet
    ) {
        self.sampleShape = sampleShape
        self.load = load
        (published, self.hasLabels) = (nil, hasLabels)
    }

    /// Images of 28×28 pixels of a published data set.
    init(_ images: PublishedImages) {
        sampleShape = [28, 28, 1]
        (published, hasLabels) = (images, true)
        load = { try images.images(images.split, folder: $0) }
    }

    func source(
        batchSize: Int, seed: UInt64, folder: String?, report: DataReport
    ) throws -> any SampleSource {
        try ImageSource(load(folder), batchSize: batchSize, seed: seed)
    }
}
