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
        self.cacheFolder = cacheFolder ?? Files.cacheFolder("images")
    }
}

/// A folder that was listed but not yet decoded.
struct ImageFolderSource {
    let root: String
    let preparation: ImagePreparation
    /// The names that were asked for, or nil for everything.
    let chosen: [String]?
    let listing: FolderListing

    /// - Throws: ``ImageFolderError`` when the folder cannot be read or lacks a class.
    init(_ root: String, _ preparation: ImagePreparation, classes: [String]?) throws {
        self.root = root
        self.preparation = preparation
        chosen = classes.map { Set($0).sorted() }
        var listing = try FolderListing(root)
        if let classes {
            let known = Set(listing.files.compactMap(\.topFolder))
            for name in classes where !known.contains(name) {
                throw ImageFolderError.unknownClass(name, folder: root, known: known.sorted())
            }
            listing.keep(topFolders: Set(classes))
        }
        self.listing = listing
    }

    /// Decodes everything.
    ///
    /// - Parameters:
    ///   - limit: The most bytes to keep in memory.
    ///   - cache: Where more than that goes.
    ///   - workers: How many files are decoded at a time.
    ///   - progress: Told how many files are done, and of how many.
    /// - Throws: ``ImageFolderError`` when nothing can be read or the cache not be written, and
    ///   what `progress` throws.
    func decode(
        keepingUpTo limit: Int, else cache: ImageCache, workers: Int,
        progress: (Int, Int) throws -> Void
    ) throws -> (PixelStorage, ImageFolderIndex) {
        let files = listing.files
        let block = BlockDecoder(
            PictureDecoder(root: root, preparation: preparation), imageSize: preparation.imageSize,
            workers: workers)
        var index = ImageFolderIndex(skipped: listing.skipped)
        var sink = PixelSink(limit: limit, cache: cache)
        try progress(0, files.count)
        for start in stride(from: 0, to: files.count, by: block.capacity) {
            let end = min(files.count, start + block.capacity)
            try block.decode(files[start..<end]) { file, pixels in
                switch pixels {
                case .success(let bytes):
                    index.files.append(file.name)
                    try sink.append(bytes)
                case .failure(let unusable):
                    index.skipped.append(SkippedFile(file: file.name, reason: unusable.reason))
                }
            }
            try progress(end, files.count)
        }
        index.skipped.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
        guard !index.files.isEmpty else {
            throw ImageFolderError.nothingReadable(
                folder: root, skipped: index.skipped.count, first: index.skipped.first)
        }
        return (try sink.finish(index), index)
    }
}

/// Which files the images of a folder came from.
struct ImageFolderIndex: Codable, Equatable {
    /// The path of each image.
    var files: [String] = []
    /// What has no image.
    var skipped: [SkippedFile]

    /// The subfolder that a file is in, directly or deeper.
    static func topFolder(_ file: String) -> String? {
        file.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) }
    }
}

/// The classes of a folder's images: the subfolders that they are in.
struct FolderLabels {
    /// The subfolders with images, sorted by the bytes of their names; empty where they are no
    /// classes.
    let classes: [String]
    /// The class of each image; nil where there are none.
    let labels: [UInt16]?
    /// Why subfolders are no classes, where there are several: a sentence.
    let note: String?

    /// The classes of images by their paths from the folder on.
    init(of files: [String], in folder: String) {
        let folders = files.map(ImageFolderIndex.topFolder)
        let names = Set(folders.compactMap { $0 })
        note = Self.note(
            names.count, outside: folders.firstIndex(of: nil).map { files[$0] }, folder)
        guard !folders.contains(nil), names.count <= ImageSet.mostClasses else {
            (classes, labels) = ([], nil)
            return
        }
        classes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        // Not `UInt16.min...`, which traps after its last number.
        let numbers = Dictionary(
            uniqueKeysWithValues: zip(classes, UInt16.min...UInt16.max))
        labels = folders.compactMap { $0.flatMap { numbers[$0] } }
    }

    private static func note(_ count: Int, outside file: String?, _ folder: String) -> String? {
        if let file, count > 1 {
            return "The image \(file.shown()) is in none of the \(count) subfolders of "
                + "\(folder.shown()), so these are no classes and the images have no labels."
        }
        guard count > ImageSet.mostClasses else { return nil }
        return "The folder \(folder.shown()) has \(count) subfolders with images, more than the "
            + "\(ImageSet.mostClasses) classes that labels can tell apart, so its images have no "
            + "labels."
    }
}

/// Why a folder of images cannot be used.
public enum ImageFolderError: Error, Equatable, CustomStringConvertible {
    /// A size or a number of channels that is not possible.
    case preparation(height: Int, width: Int, channels: Int)
    /// The folder cannot be read, for this reason.
    case unreadable(folder: String, reason: String)
    /// Not one image could be read; this many files were skipped.
    case nothingReadable(folder: String, skipped: Int, first: SkippedFile?)
    /// A class was asked for that is not a subfolder.
    case unknownClass(String, folder: String, known: [String])
    /// The file that keeps decoded images cannot be written.
    case cache(path: String, reason: String)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .preparation(let height, let width, let channels):
            "Images of \(height)×\(width)×\(channels) are not possible; give a height and a width "
                + "from 1 to \(ImagePreparation.longestSide), and 1 or 3 channels."
        case .unreadable(let folder, let reason):
            "The folder of images \(folder.shown()) cannot be read (\(reason)); "
                + "check its name and its permissions."
        case .nothingReadable(let folder, let skipped, let first):
            "The data set found no image that can be read in \(folder.shown())"
                + Self.summary(skipped, first)
                + "; give a folder of JPEG, PNG, WebP, GIF or TIFF files."
        case .unknownClass(let name, let folder, let known):
            "The folder of images \(folder.shown()) has no subfolder \(name.shown()); "
                + (known.isEmpty ? "it has none at all." : "choose from \(Self.list(known)).")
        case .cache(let path, let reason):
            "The decoded images cannot be kept in \(path.shown()) (\(reason)); free some space, "
                + "name another cache folder or allow more memory."
        }
    }

    private static func summary(_ skipped: Int, _ first: SkippedFile?) -> String {
        guard let first else { return ", which holds no files" }
        let count = skipped == 1 ? "one file was skipped" : "\(skipped) files were skipped"
        return " (\(count); \(first))"
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(10).map { $0.shown() }.joined(separator: ", ")
            + (names.count > 10 ? ", …" : "")
    }
}

/// A file that a data set leaves out.
public struct SkippedFile: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Where it is, from the data set's folder on.
    public let file: String
    /// Why it was left out: a clause such as "it is empty".
    public let reason: String

    /// A file that is left out for a reason.
    public init(file: String, reason: String) {
        self.file = file
        self.reason = reason
    }

    /// File and reason.
    public var description: String { "\(file.shown()): \(reason)" }
}

extension [SkippedFile] {
    /// Which files were left out and why, beside so many that are used; nil where none was.
    ///
    /// The first five are named, the others counted.
    ///
    /// - Parameter noun: What is counted.
    package func note(besides used: Int, of noun: String = "files") -> String? {
        guard !isEmpty else { return nil }
        let named = prefix(5).map(\.description)
        let rest = count > named.count ? ["\(count - named.count) more"] : []
        return "left out \(count) of \(count + used) \(noun) ("
            + (named + rest).joined(separator: "; ") + ")"
    }
}
