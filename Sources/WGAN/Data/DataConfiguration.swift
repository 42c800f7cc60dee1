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

    /// What is known of the rows and columns of images before they are looked at.
    var orientation: ImageOrientation { get }

    /// Opens the data.
    ///
    /// - Parameters:
    ///   - batchSize: Samples in a batch.
    ///   - seed: What the order of finite data is a function of.
    ///   - folder: Where the files of named data sets, or a folder's images, are; where nil,
    ///     `DatasetLocation` or the settings say it.
    ///   - progress: Is told what happens on the way.
    /// - Throws: `ImageSetError`, `FormatFailure`, `ImageFolderError` or `EpochOrderError` for
    ///   files that are missing, cannot be read or hold too little.
    func source(
        batchSize: Int, seed: UInt64, folder: String?, progress: OpeningProgress
    ) throws -> any SampleSource

    /// The files that the data is read from; nil for data without any.
    ///
    /// - Parameter folder: As for ``source(batchSize:seed:folder:progress:)``.
    /// - Throws: `ImageSetError` and `ImageFolderError` for files that are missing.
    func files(folder: String?) throws -> DataFiles?
}

extension DataConfiguration {
    /// Most data has no labels.
    public var hasLabels: Bool { false }
    /// Most data is not from a published set.
    public var published: PublishedImages? { nil }
    /// Most data is drawn, not read.
    public func files(folder: String?) throws -> DataFiles? { nil }
    /// Most data says nothing of it.
    public var orientation: ImageOrientation { .unknown }

    /// What the data's files hold, of which every byte is read; nil for data without any.
    ///
    /// - Parameters:
    ///   - folder: As for ``source(batchSize:seed:folder:progress:)``.
    ///   - progress: Is told how many files have been read.
    /// - Throws: As ``files(folder:)``.
    package func fingerprint(
        folder: String?, progress: OpeningProgress
    ) throws -> DataFingerprint? {
        guard let files = try files(folder: folder) else { return nil }
        return files.fingerprint { progress.checked?($0, files.count) }
    }

    /// Opens the data and tells nothing on the way.
    public func source(
        batchSize: Int, seed: UInt64, folder: String?
    ) throws -> any SampleSource {
        try source(batchSize: batchSize, seed: seed, folder: folder, progress: OpeningProgress())
    }
}

/// Who is told how the opening of data goes, which takes a while where many images are read.
public struct OpeningProgress: Sendable {
    /// Called with how many files have been read to take their checksums, and of how many.
    public var checked: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    /// Called with how many files are decoded, and of how many.
    public var decoded: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    /// Called with what the user should know about the data: a sentence.
    public var note: (@Sendable (_ sentence: String) -> Void)?

    /// A listener that hears nothing until its functions are set.
    public init() {}
}

/// What a configuration says of images whose rows and columns may be exchanged.
public enum ImageOrientation: Hashable, Sendable {
    /// The setting `transposed` says whether they are; the images need not be looked at.
    case stated
    /// The settings say nothing, and nothing speaks against upright images.
    case unknown
    /// The settings say nothing, and data of this name is known to have them exchanged: a sentence
    /// for the user.
    case doubtful(String)

    /// - Parameters:
    ///   - isTransposed: What the key says, if anything.
    ///   - path: Where the images are.
    init(_ isTransposed: Bool?, path: String) {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard isTransposed == nil else {
            self = .stated
            return
        }
        self =
            file.lowercased().contains("emnist")
            ? .doubtful(
                "EMNIST is published with rows and columns exchanged; set 'transposed: true' in "
                    + "the data's settings to turn \(file) upright, or false if it is")
            : .unknown
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
    /// Whether rows and columns are exchanged, for files like these whose images are not upright;
    /// nil where nothing is said of it.
    public let isTransposed: Bool?

    /// Reads a part of the same data set, with the same classes.
    ///
    /// - Parameters:
    ///   - split: The part.
    ///   - folder: Where the files are; where nil, `DatasetLocation` says it.
    /// - Throws: `ImageSetError` and `FormatFailure` for files that are missing or cannot be read.
    public func images(_ split: DatasetSplit, folder: String?) throws -> ImageSet {
        let images = try ImageSet.mnist(variant, split, folder: folder)
        let chosen = try label.map(images.filtered(toClass:)) ?? images
        return isTransposed == true ? chosen.transposed() : chosen
    }

    /// The files of the part that a training is on.
    func files(folder: String?) throws -> DataFiles {
        try ImageSet.mnistFiles(variant, split, folder: folder)
    }
}

/// Points drawn from a distribution.
struct PointData: DataConfiguration {
    private let drawn: any PointDistribution
    /// The file that points are drawn from; nil for a distribution.
    private let file: String?

    init(_ distribution: any PointDistribution, from file: String? = nil) {
        (drawn, self.file) = (distribution, file)
    }

    var sampleShape: Shape { [drawn.dimensions] }
    var distribution: (any PointDistribution)? { drawn }

    func source(
        batchSize: Int, seed: UInt64, folder: String?, progress: OpeningProgress
    ) -> any SampleSource {
        PointSource(drawn, seed: seed)
    }

    func files(folder: String?) -> DataFiles? { file.map { DataFiles([$0]) } }
}

/// Images that are read from files.
struct ImageData: DataConfiguration {
    let sampleShape: Shape
    var distribution: (any PointDistribution)? { nil }
    let published: PublishedImages?
    let hasLabels: Bool
    let orientation: ImageOrientation
    private let load: @Sendable (_ folder: String?) throws -> ImageSet
    private let find: @Sendable (_ folder: String?) throws -> DataFiles

    /// Images of this shape, `[H, W, C]`, that `load` reads from files.
    init(
        _ sampleShape: Shape, hasLabels: Bool, orientation: ImageOrientation, files: DataFiles,
        load: @escaping @Sendable (_ folder: String?) throws -> ImageSet
    ) {
        self.sampleShape = sampleShape
        self.orientation = orientation
        self.load = load
        find = { _ in files }
        (published, self.hasLabels) = (nil, hasLabels)
    }

    /// Images of 28×28 pixels of a published data set.
    init(_ images: PublishedImages) {
        sampleShape = [28, 28, 1]
        (published, hasLabels) = (images, true)
        orientation = images.isTransposed == nil ? .unknown : .stated
        load = { try images.images(images.split, folder: $0) }
        find = { try images.files(folder: $0) }
    }

    func source(
        batchSize: Int, seed: UInt64, folder: String?, progress: OpeningProgress
    ) throws -> any SampleSource {
        try ImageSource(load(folder), batchSize: batchSize, seed: seed)
    }

    func files(folder: String?) throws -> DataFiles? { try find(folder) }
}
