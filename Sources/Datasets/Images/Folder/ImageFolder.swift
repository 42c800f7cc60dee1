import Files
import Foundation

/// A folder of image files, decoded once.
///
/// Every file in the folder and below it is tried, whatever its name; hidden ones are left out, and
/// those that cannot be decoded are listed in ``skipped``. The order is that of the bytes of the
/// paths. Where all images are in subfolders these are the classes: labels count them from 0 in
/// sorted order. An image directly in the folder makes it a flat one, without labels, and so do
/// more subfolders than ``ImageSet/mostClasses``.
///
/// JPEG, PNG, WebP, GIF (the first frame), TIFF and HEIF are read, as far as libvips was built with
/// them and holds their decoders fit for files from strangers.
public struct ImageFolder: Sendable {
    /// The images, with labels where the folder has classes.
    public let images: ImageSet
    /// The path of each image from the folder on, `[N]`.
    public let files: [String]
    /// The names of the classes by label; empty without labels.
    public let classes: [String]
    /// What was left out, and why, sorted by path.
    public let skipped: [SkippedFile]
    /// What the user should know: sentences about a damaged cache or classes that are no classes.
    public let notes: [String]

    /// Decodes a folder, or opens the file that keeps its decoded images from an earlier time.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - preparation: What every image is made into.
    ///   - classes: The subfolders to read; all, and the folder itself, where nil.
    ///   - storage: Where the decoded images are kept.
    ///   - workers: How many files are decoded at a time, as many as there are processors
    ///     where nil; nothing else depends on it.
    ///   - progress: Told how many files are done, and of how many; what it throws ends the work.
    /// - Throws: ``ImageFolderError``, and what `progress` throws.
    public init(
        contentsOf folder: String, as preparation: ImagePreparation, classes: [String]? = nil,
        storage: ImageStorage = ImageStorage(),
        workers: Int? = nil,
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        let source = try ImageFolderSource(folder, preparation, classes: classes)
        // Only what might not fit in memory was ever worth a file.
        let mayNeedFile =
            source.listing.files.count > storage.memoryLimit / preparation.imageSize
        let cache = ImageCache(of: source, in: storage.cacheFolder)
        var notes: [String] = []
        if mayNeedFile {
            switch cache.open() {
            case .found(let pixels, let index):
                try self.init(source, pixels, index, notes: notes)
                return
            case .damaged(let reason):
                notes.append(
                    "The decoded images in \(cache.path.shown()) were damaged (\(reason)) and have "
                        + "been made anew.")
            case .absent: break
            }
        }
        let (pixels, index) = try source.decode(
            keepingUpTo: storage.memoryLimit, else: cache,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, progress: progress)
        try self.init(source, pixels, index, notes: notes)
    }

    private init(
        _ source: ImageFolderSource, _ pixels: PixelStorage, _ index: ImageFolderIndex,
        notes: [String]
    ) throws {
        let labelling = FolderLabels(of: index.files, in: source.root)
        classes = labelling.classes
        let preparation = source.preparation
        images = ImageSet(
            height: preparation.height, width: preparation.width, channels: preparation.channels,
            storage: pixels, count: index.files.count,
            labels: labelling.labels)
        files = index.files
        skipped = index.skipped
        self.notes = notes + (labelling.note.map { [$0] } ?? [])
    }
}

/// Where decoded images are kept.
public struct ImageStorage: Sendable, Hashable {
    /// Two GiB.
    public static let defaultMemoryLimit = 2 << 30

    /// In bytes. More than this is kept in a file, which is mapped into memory and found again.
    public let memoryLimit: Int
    /// The folder for that file; made where it is missing.
    public let cacheFolder: String

    /// - Parameters:
    ///   - memoryLimit: The most bytes of decoded images that are kept in memory.
    ///   - cacheFolder: Where more than that is kept; where nil,
    ///     `$XDG_CACHE_HOME/swift-wgan/images` or `~/.cache/swift-wgan/images`.
    public init(memoryLimit: Int = defaultMemoryLimit, cacheFolder: String? = nil) {
        self.memoryLimit = max(0, memoryLimit)
        self.cacheFolder = cacheFolder ?? DatasetLocation.cacheFolder("images")
    }
}
