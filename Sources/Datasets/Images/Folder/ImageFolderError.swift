import Files

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
