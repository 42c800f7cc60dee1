import CZlib
import Files
import Foundation

/// The files of a ZIP archive, stored or deflated.
///
/// Sizes are checked before memory is taken: an entry may not claim more than deflate can have
/// packed into its bytes.
///
/// Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5. Archives of ZIP64 are refused.
struct ZipArchive: Sendable {
    /// A file of the archive.
    struct Entry: Sendable {
        fileprivate let start: Int
        fileprivate let packedSize: Int
        /// The bytes once unpacked.
        let size: Int
        /// The checksum of the bytes once unpacked.
        fileprivate let checksum: UInt32
        fileprivate let isDeflated: Bool

        /// Where in the archive the bytes lie as they are; nil where they are packed.
        var storedStart: Int? { isDeflated ? nil : start }
    }

    let source: ByteSource
    /// The files in the order of the archive's directory; names may occur twice.
    let entries: [(name: String, entry: Entry)]
    private let format: FormatFailure.Format
    private let remedy: String

    /// Deflate packs at most 1032 bytes into one.
    private static let largestRatio = 1032

    /// Reads the directory.
    ///
    /// - Parameters:
    ///   - source: The archive.
    ///   - format: What errors call it.
    ///   - remedy: What errors say is to be done.
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid.
    init(_ source: ByteSource, as format: FormatFailure.Format, remedy: String) throws {
        (self.source, self.format, self.remedy) = (source, format, remedy)
        func invalid(_ reason: FormatFailure.Reason, _ detail: String) -> FormatFailure {
            FormatFailure(format, source.path, reason, detail, remedy: remedy)
        }
        let tail = try source.read(
            at: max(0, source.count - 65_557), count: min(source.count, 65_557))
        let end = stride(from: tail.count - 22, through: 0, by: -1).first {
            Self.number(tail, $0, 4) == 0x0605_4B50
        }
        guard let end else { throw invalid(.header, "it is no ZIP archive") }
        let (size, start) = (Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4))
        guard start + size <= source.count else {
            throw invalid(.truncated, "its directory lies outside of it")
        }
        let directory = try source.read(at: start, count: size)
        var found: [(name: String, entry: Entry)] = []
        var place = 0
        while place + 46 <= directory.count, Self.number(directory, place, 4) == 0x0201_4B50 {
            found.append(try Self.entry(directory, place, source, invalid))
            place +=
                46 + Self.number(directory, place + 28, 2)
                + Self.number(directory, place + 30, 2) + Self.number(directory, place + 32, 2)
        }
        entries = found
    }

    private static func entry(
        _ directory: [UInt8], _ place: Int, _ source: ByteSource,
        _ invalid: (FormatFailure.Reason, String) -> FormatFailure
    ) throws -> (name: String, entry: Entry) {
        let nameEnd = place + 46 + number(directory, place + 28, 2)
        guard nameEnd <= directory.count else {
            throw invalid(.truncated, "its directory ends within a name")
        }
        let name = String(decoding: directory[place + 46..<nameEnd], as: UTF8.self)
        let method = number(directory, place + 10, 2)
        let packed = number(directory, place + 20, 4)
        let size = number(directory, place + 24, 4)
        let header = number(directory, place + 42, 4)
        guard number(directory, place + 8, 2) & 1 == 0 else {
            throw invalid(.elementType, "\(name.quoted) is encrypted")
        }
        guard method == 0 || method == 8 else {
            throw invalid(.elementType, "\(name.quoted) is packed by an unknown method")
        }
        guard size <= ArrayLimits.bytes,
            method == 8 ? size <= packed * largestRatio + 64 : size == packed,
            header + 30 <= source.count
        else { throw invalid(.offsets, "\(name.quoted) has impossible sizes") }
        let local = try source.read(at: header, count: 30)
        let start = header + 30 + number(local, 26, 2) + number(local, 28, 2)
        guard number(local, 0, 4) == 0x0403_4B50, start + packed <= source.count else {
            throw invalid(.offsets, "\(name.quoted) lies outside of it")
        }
        return (
            name,
            Entry(
                start: start, packedSize: packed, size: size,
                checksum: UInt32(number(directory, place + 16, 4)), isDeflated: method == 8)
        )
    }

    /// The unpacked bytes of a file, which agree with its checksum.
    ///
    /// - Parameter name: What errors call the file.
    /// - Throws: ``FormatFailure`` where it is damaged; `FileFailure`.
    func bytes(of entry: Entry, named name: String) throws -> Data {
        let packed = try source.read(at: entry.start, count: entry.packedSize)
        guard let bytes = entry.isDeflated ? Self.inflated(packed, to: entry.size) : Data(packed),
            bytes.withUnsafeBytes(CRC32.of) == entry.checksum
        else {
            throw FormatFailure(
                format, source.path, .damaged, "\(name) is damaged", remedy: remedy)
        }
        return bytes
    }

    /// The unpacked bytes; nil unless they are exactly `size`.
    private static func inflated(_ packed: [UInt8], to size: Int) -> Data? {
        guard packed.count <= UInt32.max, size <= UInt32.max else { return nil }
        var stream = z_stream()
        let version = String(cString: zlibVersion())
        // A negative window size stands for bare deflate, as in ZIP.
        guard inflateInit2_(&stream, -15, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        var packed = packed
        var output = [UInt8](repeating: 0, count: size + 1)
        let status = packed.withUnsafeMutableBufferPointer { packed in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = packed.baseAddress
                stream.avail_in = UInt32(packed.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, Int(stream.total_out) == size else { return nil }
        return Data(output.prefix(size))
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        guard place >= 0, place + count <= bytes.count else { return 0 }
        return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
