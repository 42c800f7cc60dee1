import CVips
import Files
import Foundation

/// One image file, known by its header and not yet decoded.
///
/// Formats and safety are those of ``ImageFolder``.
public struct ImageFile: Sendable {
    /// Where it is.
    public let path: String
    /// H in pixels, once it is upright.
    public let height: Int
    /// W in pixels, once it is upright.
    public let width: Int
    /// 1 for grey, 3 for colour; transparency does not count.
    public let channels: Int
    private let folder: String
    private let file: ListedFile

    /// Reads the header.
    ///
    /// - Throws: ``ImageFileError`` for a file that is missing, not an image in a supported format,
    ///   or too large to be decoded.
    public init(at path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ImageFileError(
                path: path, reason: FileFailure(.read, path: path, code: errno).cause)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ImageFileError(path: path, reason: "it is not a regular file")
        }
        self.path = path
        let name = (path as NSString).lastPathComponent
        let parent = (path as NSString).deletingLastPathComponent
        folder = parent.isEmpty ? "." : parent
        file = ListedFile(path: Array(name.utf8), stamp: FileStamp(status))
        let preparation = try ImagePreparation(size: 1)
        var size: (height: Int32, width: Int32, channels: Int32) = (0, 0, 0)
        let failure = PictureDecoder(root: folder, preparation: preparation).withBytes(of: file) {
            let message = cvips_picture_describe(
                $0.bindMemory(to: UInt8.self).baseAddress, $0.count, preparation.decodedBytes,
                &size.width, &size.height, &size.channels)
            guard let message else { return nil }
            defer { cvips_free(message) }
            return String(cString: message)
        }
        if let failure { throw ImageFileError(path: path, reason: failure) }
        (height, width) = (Int(size.height), Int(size.width))
        channels = Int(size.channels)
    }

    /// Decodes the file at its own size.
    ///
    /// - Parameter channels: 1 for grey, 3 for colour.
    /// - Returns: Row-major `[H, W, channels]`.
    /// - Throws: ``ImageFileError`` for a damaged file or one with a side of more than
    ///   ``ImagePreparation/longestSide`` pixels.
    public func pixels(channels: Int) throws -> [UInt8] {
        let longest = ImagePreparation.longestSide
        guard max(height, width) <= longest else {
            throw ImageFileError(
                path: path,
                reason: "its \(width) x \(height) pixels are more than \(longest) a side")
        }
        let preparation = try ImagePreparation(height: height, width: width, channels: channels)
        let decoder = PictureDecoder(root: folder, preparation: preparation)
        var pixels = [UInt8](repeating: 0, count: preparation.imageSize)
        let failure = pixels.withUnsafeMutableBufferPointer { decoder.decode(file, into: $0) }
        if let failure { throw ImageFileError(path: path, reason: failure) }
        return pixels
    }

    /// The paths of all files in a folder and below it, from the folder on; hidden ones are left
    /// out.
    ///
    /// - Throws: ``ImageFolderError`` where the folder cannot be read.
    public static func names(in folder: String) throws -> [String] {
        try FolderListing(folder).files.map(\.name)
    }
}

/// Why one image file cannot be used.
public struct ImageFileError: Error, Equatable, CustomStringConvertible {
    /// The image file, as it was given.
    public let path: String
    /// Why: a clause such as "it is empty".
    public let reason: String

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        "The image file \(path.shown()) cannot be used (\(reason)); give another JPEG, PNG, WebP, "
            + "GIF or TIFF file."
    }
}
