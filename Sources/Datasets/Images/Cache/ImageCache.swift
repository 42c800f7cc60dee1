import CVips
import Files
import Foundation

/// The file that keeps the decoded images of a folder, to be mapped into memory.
///
/// Its name is a function of the folder and of what is asked of it, so that a folder that changes
/// replaces its own file. What it holds is keyed by every file's path, length and times of
/// modification and of status change: reading all files to compare their contents could take as
/// long as decoding them, and no program can set the time of a status change.
///
/// Layout: the pixels of all images; a ``Trailer`` as JSON; the trailer's length and its CRC-32 in
/// eight bytes each, lowest first; eight bytes that name the format. The end is written last, and
/// the file gets its name only when it is complete and on the disk.
struct ImageCache {
    /// Where the file is.
    let path: String
    private let key: String
    private let imageSize: Int

    /// What there was.
    enum Finding {
        /// The images of the folder as it is now.
        case found(PixelStorage, ImageFolderIndex)
        /// No file, or one of the folder as it was.
        case absent
        /// A file that is not what was once written.
        case damaged(reason: String)
    }

    /// What the file says about its pixels.
    struct Trailer: Codable {
        let key: String
        let imageSize: Int
        let pixelChecksum: UInt32
        let index: ImageFolderIndex
    }

    /// The eight bytes at the end of the file.
    static let magic = Array("wganimg1".utf8)
    static let footerSize = 24
    /// Counts the rules by which files become bytes; files made by others are made anew.
    private static let decodingVersion = 2

    init(of source: ImageFolderSource, in folder: String) {
        path = "\(folder)/images-\(Self.name(source).prefix(32)).cache"
        key = Self.key(source)
        imageSize = source.preparation.imageSize
    }

    /// Looks for the file and checks all of it.
    func open() -> Finding {
        let file: MappedFile
        do throws(FileFailure) { file = try ReadableFile(path).mapped() } catch {
            return error.reason == .notFound ? .absent : .damaged(reason: error.cause)
        }
        do throws(Damage) {
            let trailer = try CacheFooter.trailer(of: file.bytes)
            guard trailer.key == key else { return .absent }
            let count = trailer.index.files.count
            let (size, overflow) = count.multipliedReportingOverflow(by: imageSize)
            let pixels = try CacheFooter.pixels(of: file.bytes)
            guard count > 0, !overflow, trailer.imageSize == imageSize, pixels.count == size else {
                throw Damage(reason: "it does not have the length that it says")
            }
            guard CRC32.of(UnsafeRawBufferPointer(pixels)) == trailer.pixelChecksum else {
                throw Damage(reason: "its pixels do not have the checksum that it says")
            }
            return .found(PixelStorage(file), trailer.index)
        } catch {
            return .damaged(reason: error.reason)
        }
    }

    /// Starts to write the file; what is there already stays until the end.
    ///
    /// - Throws: `FileFailure`.
    func writer() throws -> AtomicFileWriter {
        let folder = (path as NSString).deletingLastPathComponent
        try Folder.make(folder)
        TemporaryFiles.removeLeftovers(in: folder)
        return try AtomicFileWriter(to: URL(filePath: path))
    }

    /// The end of the file.
    func trailer(_ index: ImageFolderIndex, pixelChecksum: UInt32) throws -> [UInt8] {
        let trailer = Trailer(
            key: key, imageSize: imageSize, pixelChecksum: pixelChecksum, index: index)
        return CacheFooter.appended(to: try JSONEncoder().encode(trailer))
    }

    private static func name(_ source: ImageFolderSource) -> String {
        let resolved = realpath(source.root, nil)
        defer { free(resolved) }
        let sum = SHA256()
        sum.add(counted: resolved.map { String(cString: $0) }?.utf8.map { $0 } ?? [])
        addOptions(source, to: sum)
        return sum.digest()
    }

    private static func key(_ source: ImageFolderSource) -> String {
        let sum = SHA256()
        // Another version, of this package or of libvips, may decode to other bytes.
        sum.add(decodingVersion)
        sum.add(counted: String(cString: cvips_version()).utf8)
        addOptions(source, to: sum)
        for file in source.listing.files {
            sum.add(counted: file.path)
            sum.add(file.stamp.size)
            for time in file.stamp.times { sum.add(time) }
        }
        return sum.digest()
    }

    private static func addOptions(_ source: ImageFolderSource, to sum: borrowing SHA256) {
        let preparation = source.preparation
        let background = preparation.background
        for number in [
            preparation.height, preparation.width, preparation.channels, preparation.decodedBytes,
            Int(background.red), Int(background.green), Int(background.blue),
            preparation.isTransposed ? 1 : 0,
        ] {
            sum.add(number)
        }
        sum.add(counted: preparation.fit.rawValue.utf8)
        sum.add(source.chosen?.count ?? -1)
        for name in source.chosen ?? [] { sum.add(counted: name.utf8) }
    }
}

/// Why a file is not what was once written.
struct Damage: Error {
    let reason: String
}

/// The end of a file of decoded images.
enum CacheFooter {
    /// The trailer's text with the footer behind it.
    static func appended(to trailer: Data) -> [UInt8] {
        let checksum = trailer.withUnsafeBytes { CRC32.of($0) }
        return Array(trailer) + bytes(UInt64(trailer.count)) + bytes(UInt64(checksum))
            + ImageCache.magic
    }

    /// The trailer, if the file ends as it should.
    static func trailer(of file: UnsafeBufferPointer<UInt8>) throws(Damage) -> ImageCache.Trailer {
        let text = try trailerRange(of: file)
        let bytes = UnsafeRawBufferPointer(file.extracting(text))
        let checksum = number(file, at: file.count - 16)
        guard UInt64(CRC32.of(bytes)) == checksum else {
            throw Damage(reason: "its index does not have the checksum that it says")
        }
        do {
            return try JSONDecoder().decode(ImageCache.Trailer.self, from: Data(bytes))
        } catch {
            throw Damage(reason: "its index cannot be understood")
        }
    }

    /// What is before the trailer.
    static func pixels(
        of file: UnsafeBufferPointer<UInt8>
    ) throws(Damage) -> UnsafeBufferPointer<UInt8> {
        file.extracting(0..<(try trailerRange(of: file).lowerBound))
    }

    private static func trailerRange(
        of file: UnsafeBufferPointer<UInt8>
    ) throws(Damage) -> Range<Int> {
        let end = file.count - ImageCache.footerSize
        guard end >= 0, file.suffix(ImageCache.magic.count).elementsEqual(ImageCache.magic) else {
            throw Damage(reason: "its end is missing")
        }
        let length = number(file, at: end)
        guard length <= UInt64(end) else {
            throw Damage(reason: "it does not have the length that it says")
        }
        return end - Int(length)..<end
    }

    private static func number(_ file: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt64 {
        file[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
