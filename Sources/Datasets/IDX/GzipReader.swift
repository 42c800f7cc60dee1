import CZlib

/// The unpacked bytes of a gzip file, of one member or of several in a row.
///
/// The end is reported only after checksum and length of every member agreed and nothing else
/// follows the last one.
///
/// Source: RFC 1952; zlib unpacks.
final class GzipReader: ByteSource {
    private let file: FileBytes
    // zlib keeps the address of its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var isAtEnd = false

    /// Deflate codes 258 bytes in no less than two bits, so it cannot pack better than 1032 to 1.
    var mostBytes: Int {
        let (product, overflow) = file.size.multipliedReportingOverflow(by: 1032)
        return overflow ? Int.max : product
    }

    init(_ file: FileBytes) throws {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the window's size asks for a gzip wrapper and no other.
        let status = inflateInit2_(
            stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw IDXError(file.path, .unreadable(reason: "zlib could not start"))
        }
        self.file = file
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
        case Z_BUF_ERROR: throw IDXError(file.path, .gzipTruncated)
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib gave no reason"
            throw IDXError(file.path, .gzipDamaged(reason: reason))
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
            throw IDXError(file.path, .bytesAfterGzip)
        }
        inflateReset(stream)
    }

    /// Moves the unused input to the front and reads more behind it.
    private func refill() throws {
        let kept = Int(stream.pointee.avail_in)
        if let next = stream.pointee.next_in {
            input.copyMemory(from: UnsafeRawBufferPointer(start: next, count: kept))
        }
        let added = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[kept...]))
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(kept + added)
    }
}
