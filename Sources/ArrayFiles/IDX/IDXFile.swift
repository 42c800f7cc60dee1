import Files

/// The contents of an IDX file: a row-major array of numbers, as MNIST is published.
///
/// The file may be plain or packed with gzip, whatever its name: its first bytes tell. It is
/// checked strictly, because a damaged file otherwise trains without complaint: the payload must
/// be exactly as long as the header says, nothing may follow it, and a gzip file must pass its own
/// checksum. A hostile header costs no memory: no more is read than it asks for, plus one byte.
///
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
public struct IDXFile: Sendable {
    /// Where the file was read from.
    public let path: String
    /// The type of each number: one that the format has a code for.
    public let elementType: ElementType
    /// The lengths of the axes, slowest first; only the first may be zero.
    public let shape: [Int]
    /// The numbers as they are in the file: row-major, big-endian.
    public let bytes: [UInt8]

    /// How many items the first axis counts: images, labels.
    public var count: Int { shape[0] }

    /// The numbers, row-major; exact, since a Double holds every one of the format's types.
    public func values() -> [Double] { elementType.values(bytes, isBigEndian: true) }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file, plain or gzip.
    ///   - maximumBytes: A header that asks for more is refused; by default 4 GiB.
    /// - Throws: `FileFailure`, ``FormatFailure``.
    public init(contentsOf path: String, maximumBytes: Int = ArrayLimits.bytes) throws {
        let file = try ReadableFile(path)
        let stream = try Self.stream(of: file)
        let header = try IDXHeader(from: stream, path: path)
        let size = header.payloadBytes
        guard size <= maximumBytes else {
            throw IDXHeader.tooLarge(header.shape, limit: maximumBytes, path)
        }
        guard size <= stream.mostBytes else {
            throw IDXHeader.invalid(
                path, .truncated,
                "its header asks for \(size) bytes (\(IDXHeader.product(header.shape)) numbers), "
                    + "more than a file of \(file.count) bytes can hold")
        }
        self.path = path
        elementType = header.elementType
        shape = header.shape
        bytes = try Self.payload(of: size, from: stream, path: path)
    }

    /// The lengths of the axes that a file's header names, slowest first, without its numbers.
    ///
    /// - Throws: `FileFailure`; ``FormatFailure`` where the header makes no sense.
    public static func shape(ofFileAt path: String) throws -> [Int] {
        try IDXHeader(from: stream(of: ReadableFile(path)), path: path).shape
    }

    private static func stream(of file: ReadableFile) throws -> any ByteStream {
        try GzipStream.isPacked(file) ? GzipStream(file) : FileStream(file)
    }

    /// Reads in growing pieces, so that memory follows what is there and not what is claimed.
    private static func payload(
        of size: Int, from stream: any ByteStream, path: String
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < size {
            let length = min(size - bytes.count, max(bytes.count, 64 << 20))
            let piece = try [UInt8](unsafeUninitializedCapacity: length) { buffer, found in
                found = try stream.read(
                    into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: length))
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            guard piece.count == length else {
                throw IDXHeader.invalid(
                    path, .truncated,
                    "its header asks for \(size) bytes of data but only \(bytes.count) follow")
            }
        }
        // Asking for one byte more also makes a gzip stream check its trailer.
        let surplus = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
            try stream.read(into: $0)
        }
        guard surplus == 0 else {
            throw IDXHeader.invalid(
                path, .trailingBytes,
                "more data follows than the \(size) bytes that its header asks for",
                remedy: "download it again or write it anew")
        }
        return bytes
    }
}

/// The head of an IDX file: two zero bytes, a type code, the number of axes, and their lengths as
/// big-endian 32-bit numbers.
private struct IDXHeader {
    let elementType: ElementType
    let shape: [Int]
    /// How many bytes must follow: known not to overflow.
    let payloadBytes: Int

    private static let types: [UInt8: ElementType] = [
        0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
    ]

    init(from stream: any ByteStream, path: String) throws {
        let magic = try Self.bytes(4, of: stream)
        guard !magic.isEmpty else { throw Self.invalid(path, .truncated, "it is empty") }
        guard magic.prefix(2).allSatisfy({ $0 == 0 }) else {
            throw Self.invalid(
                path, .header, "it has \(Self.guess(magic))",
                remedy: "get the genuine file, plain or gzip")
        }
        guard magic.count == 4 else { throw Self.short(path, magic.count, of: 4) }
        guard let elementType = Self.types[magic[2]] else {
            throw Self.invalid(
                path, .elementType,
                "its header has type code 0x\(Self.hexadecimal([magic[2]])), which IDX does not "
                    + "define",
                remedy: "download it again or write it anew")
        }
        let rank = Int(magic[3])
        guard rank > 0 else {
            throw Self.invalid(
                path, .shape, "its header names no dimensions",
                remedy: "write it anew with at least one")
        }
        guard rank <= ArrayLimits.rank else {
            throw Self.invalid(
                path, .shape,
                "its header names \(rank) dimensions, and \(ArrayLimits.rank) are read at most",
                remedy: "give it fewer")
        }
        let lengths = try Self.bytes(4 * rank, of: stream)
        guard lengths.count == 4 * rank else {
            throw Self.short(path, 4 + lengths.count, of: 4 + 4 * rank)
        }
        shape = stride(from: 0, to: lengths.count, by: 4).map { offset in
            lengths[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        if let axis = shape.dropFirst().firstIndex(of: 0) {
            throw Self.invalid(
                path, .shape,
                "dimension \(axis) of \(Self.product(shape)) is zero, so that its items hold "
                    + "nothing", remedy: "write it anew")
        }
        self.elementType = elementType
        // The count comes last: zero items must not hide that one item is too large.
        guard TensorLayout.byteCount(of: Array(shape.dropFirst()), elementType) != nil,
            let size = TensorLayout.byteCount(of: shape, elementType)
        else { throw Self.tooLarge(shape, limit: ArrayLimits.bytes, path) }
        payloadBytes = size
    }

    /// Up to `count` bytes; fewer where the stream ends.
    private static func bytes(_ count: Int, of stream: any ByteStream) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try bytes.withUnsafeMutableBytes { try stream.read(into: $0) }
        return Array(bytes.prefix(found))
    }

    /// What a file that is not IDX most likely is.
    private static func guess(_ bytes: [UInt8]) -> String {
        if bytes.first == UInt8(ascii: "<") {
            "a web page, as a failed download leaves behind"
        } else if bytes.elementsEqual("vers".utf8) {
            "a text such as a Git LFS pointer"
        } else if bytes.count == 4, bytes[2] == 0, bytes[3] == 0, types[bytes[1]] != nil {
            "a header in little-endian order"
        } else {
            "the first bytes \(hexadecimal(bytes)) instead of 00 00"
        }
    }

    /// The first few dimensions, since a header can name many.
    static func product(_ shape: [Int]) -> String {
        let shown = shape.prefix(6).map(String.init).joined(separator: "×")
        return shape.count > 6 ? shown + "×…" : shown
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }

    private static func short(_ path: String, _ found: Int, of expected: Int) -> FormatFailure {
        invalid(path, .truncated, "it ends after \(found) of the \(expected) bytes of its header")
    }

    static func tooLarge(_ shape: [Int], limit: Int, _ path: String) -> FormatFailure {
        invalid(
            path, .shape,
            "its header asks for \(product(shape)) numbers, more than the limit of \(limit) bytes",
            remedy: "split it if it is genuine")
    }

    static func invalid(
        _ path: String, _ reason: FormatFailure.Reason, _ detail: String,
        remedy: String = "download it again"
    ) -> FormatFailure {
        FormatFailure(.idx, path, reason, detail, remedy: remedy)
    }
}
