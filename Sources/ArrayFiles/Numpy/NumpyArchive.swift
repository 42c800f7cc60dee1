import CZlib
import Files
public import Foundation

/// NumPy's `.npz` files: arrays by name in a ZIP archive, stored or deflated.
///
/// Sizes are checked before memory is taken: an entry may not claim more than deflate can have
/// packed into its bytes. Files in the archive that are no arrays are passed over.
///
/// Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5; numpy.savez. Archives of ZIP64 are refused.
public struct NumpyArchive: Sendable {
    private struct Entry {
        let start: Int
        let packedSize: Int
        let size: Int
        /// The checksum of the bytes once unpacked.
        let checksum: UInt32
        let isDeflated: Bool
    }

    private let source: ByteSource
    private let entries: [(name: String, entry: Entry)]
    /// The ending of the files that are arrays.
    private static let ending = ".npy"
    /// Deflate packs at most 1032 bytes into one.
    private static let largestRatio = 1032

    /// The names of the arrays, as in the archive's directory.
    public var names: [String] { entries.map(\.name) }

    /// Opens an archive and reads its directory.
    ///
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid.
    public init(contentsOf url: URL) throws { try self.init(.file(ReadableFile(url))) }

    /// Reads the directory of an archive in memory.
    ///
    /// - Throws: ``FormatFailure`` when it is not valid.
    public init(data: Data) throws { try self.init(.memory(data)) }

    private init(_ source: ByteSource) throws {
        self.source = source
        let tail = try source.read(
            at: max(0, source.count - 65_557), count: min(source.count, 65_557))
        let end = stride(from: tail.count - 22, through: 0, by: -1).first {
            Self.number(tail, $0, 4) == 0x0605_4B50
        }
        guard let end else { throw Self.invalid(source, .header, "it is no ZIP archive") }
        let (size, start) = (Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4))
        guard start + size <= source.count else {
            throw Self.invalid(source, .truncated, "its directory lies outside of it")
        }
        let directory = try source.read(at: start, count: size)
        var found: [(name: String, entry: Entry)] = []
        var place = 0
        while place + 46 <= directory.count, Self.number(directory, place, 4) == 0x0201_4B50 {
            let file = try Self.entry(directory, place, source)
            if file.name.hasSuffix(Self.ending) {
                found.append((String(file.name.dropLast(Self.ending.count)), file.entry))
            }
            place +=
                46 + Self.number(directory, place + 28, 2)
                + Self.number(directory, place + 30, 2) + Self.number(directory, place + 32, 2)
        }
        if let repeated = Dictionary(grouping: found, by: \.name).first(where: {
            $0.value.count > 1
        }) {
            throw Self.invalid(
                source, .duplicateName, "the array \(repeated.key.quoted) occurs twice")
        }
        entries = found
    }

    private static func entry(
        _ directory: [UInt8], _ place: Int, _ source: ByteSource
    ) throws -> (name: String, entry: Entry) {
        let nameEnd = place + 46 + number(directory, place + 28, 2)
        guard nameEnd <= directory.count else {
            throw invalid(source, .truncated, "its directory ends within a name")
        }
        let name = String(decoding: directory[place + 46..<nameEnd], as: UTF8.self)
        let method = number(directory, place + 10, 2)
        let packed = number(directory, place + 20, 4)
        let size = number(directory, place + 24, 4)
        let header = number(directory, place + 42, 4)
        guard number(directory, place + 8, 2) & 1 == 0 else {
            throw invalid(source, .elementType, "\(name.quoted) is encrypted")
        }
        guard method == 0 || method == 8 else {
            throw invalid(source, .elementType, "\(name.quoted) is packed by an unknown method")
        }
        guard size <= ArrayLimits.bytes,
            method == 8 ? size <= packed * largestRatio + 64 : size == packed,
            header + 30 <= source.count
        else {
            throw invalid(source, .offsets, "\(name.quoted) has impossible sizes")
        }
        let local = try source.read(at: header, count: 30)
        let start = header + 30 + number(local, 26, 2) + number(local, 28, 2)
        guard number(local, 0, 4) == 0x0403_4B50, start + packed <= source.count else {
            throw invalid(source, .offsets, "\(name.quoted) lies outside of it")
        }
        let checksum = UInt32(number(directory, place + 16, 4))
        return (
            name,
            Entry(
                start: start, packedSize: packed, size: size, checksum: checksum,
                isDeflated: method == 8)
        )
    }

    /// One array.
    ///
    /// - Parameter name: Which one; may be left out where there is only one.
    /// - Throws: ``FormatFailure`` where there is none of that name or it is damaged.
    public func array(named name: String? = nil) throws -> NumpyFile {
        let shown = names.prefix(10).map(\.quoted).joined(separator: ", ")
        let known = shown + (names.count > 10 ? ", …" : "")
        guard let name = name ?? (entries.count == 1 ? names[0] : nil) else {
            throw Self.invalid(
                source, .unknownTensor, "it has \(entries.count) arrays",
                remedy: entries.isEmpty
                    ? "give one with an array" : "choose one by FILE#NAME, of \(known)")
        }
        guard let entry = entries.first(where: { $0.name == name })?.entry else {
            throw Self.invalid(
                source, .unknownTensor, "it has no array \(name.quoted)",
                remedy: known.isEmpty ? "it has none at all" : "it has \(known)")
        }
        let packed = try source.read(at: entry.start, count: entry.packedSize)
        guard let bytes = entry.isDeflated ? Self.inflated(packed, to: entry.size) : Data(packed),
            bytes.withUnsafeBytes(CRC32.of) == entry.checksum
        else {
            throw Self.invalid(source, .damaged, "the array \(name.quoted) is damaged")
        }
        return try NumpyFile(.memory(bytes), source.path.map { "\($0)#\(name)" })
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

    private static func invalid(
        _ source: ByteSource, _ reason: FormatFailure.Reason, _ detail: String,
        remedy: String = "save it again with numpy.savez"
    ) -> FormatFailure {
        FormatFailure(.numpyArchive, source.path, reason, detail, remedy: remedy)
    }
}
