import CZlib
import Files

/// Bytes that are read from front to back.
protocol ByteStream {
    /// No more bytes than this can ever come out.
    var mostBytes: Int { get }

    /// Fills the buffer with the next bytes.
    ///
    /// - Returns: How many bytes were written: fewer than the buffer holds only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The bytes of a file as they are on disk.
final class FileStream: ByteStream {
    let file: ReadableFile
    private var place = 0

    var mostBytes: Int { file.count }

    init(_ file: ReadableFile) { self.file = file }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let found = try file.read(into: buffer, at: place)
        place += found
        return found
    }
}

/// The unpacked bytes of a gzip file, of one member or of several in a row.
///
/// The end is reported only after checksum and length of every member agreed and nothing else
/// follows the last one.
///
/// Source: RFC 1952; zlib unpacks.
final class GzipStream: ByteStream {
    private let packed: FileStream
    // zlib keeps the address of its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var isAtEnd = false

    /// Deflate codes 258 bytes in no less than two bits, so it cannot pack better than 1032 to 1.
    var mostBytes: Int {
        let (product, overflow) = packed.mostBytes.multipliedReportingOverflow(by: 1032)
        return overflow ? Int.max : product
    }

    /// Whether a file begins with the two bytes that mark a packed one.
    static func isPacked(_ file: ReadableFile) throws -> Bool {
        try file.read(at: 0, count: min(2, file.count)) == [0x1F, 0x8B]
    }

    init(_ file: ReadableFile) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the window's size asks for a gzip wrapper and no other.
        let status = inflateInit2_(
            stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory")
        packed = FileStream(file)
        self.stream = stream
        input = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let start = buffer.baseAddress else { return 0 }
        var total = 0
        while total < buffer.count, !isAtEnd {
            let room = min(buffer.count - total, 1 << 30)
            stream.pointee.next_out = (start + total).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            try unpack()
            total += room - Int(stream.pointee.avail_out)
        }
        return total
    }

    /// Lets zlib go on until it needs input or room, or a member ends.
    private func unpack() throws {
        if stream.pointee.avail_in == 0 { try refill() }
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK: break
        case Z_STREAM_END: try startNextMember()
        case Z_BUF_ERROR: throw failure(.truncated, "its gzip data is cut short")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib gave no reason"
            throw failure(.damaged, "its gzip data is damaged (\(reason))")
        }
    }

    private func startNextMember() throws {
        if stream.pointee.avail_in < 2 { try refill() }
        let count = stream.pointee.avail_in
        guard count > 0 else {
            isAtEnd = true
            return
        }
        guard count >= 2, let next = stream.pointee.next_in, next[0] == 0x1F, next[1] == 0x8B else {
            throw failure(
                .trailingBytes, "other bytes follow the end of its gzip data",
                remedy: "download it again or cut them off")
        }
        inflateReset(stream)
    }

    /// Moves the unused input to the front and reads more behind it.
    private func refill() throws {
        let kept = Int(stream.pointee.avail_in)
        if let next = stream.pointee.next_in {
            input.copyMemory(from: UnsafeRawBufferPointer(start: next, count: kept))
        }
        let added = try packed.read(into: UnsafeMutableRawBufferPointer(rebasing: input[kept...]))
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(kept + added)
    }

    private func failure(
        _ reason: FormatFailure.Reason, _ detail: String, remedy: String = "download it again"
    ) -> FormatFailure {
        FormatFailure(.idx, packed.file.path, reason, detail, remedy: remedy)
    }
}
