/// The contents of an IDX file: a row-major array of numbers, as MNIST is published.
///
/// The file may be plain or packed with gzip, whatever its name: its first bytes tell. It is
/// checked strictly, because a damaged file otherwise trains without complaint: the payload must
/// be exactly as long as the header says, nothing may follow it, and a gzip file must pass its own
/// checksum. A hostile header costs no memory: no more is read than it asks for, plus one byte.
///
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
public struct IDXFile: Sendable {
    /// The most bytes that a payload may have, unless told otherwise: 4 GiB.
    public static let defaultMaximumBytes = 4 << 30

    /// Where the file was read from.
    public let path: String
    /// The type of each number.
    public let element: IDXElement
    /// The lengths of the axes, slowest first; only the first may be zero.
    public let shape: [Int]
    /// The numbers as they are in the file: row-major, big-endian.
    public let bytes: [UInt8]

    /// How many items the first axis counts: images, labels.
    public var count: Int { shape[0] }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file, plain or gzip.
    ///   - maximumBytes: A header that asks for more is refused.
    /// - Throws: ``IDXError``.
    public init(contentsOf path: String, maximumBytes: Int = defaultMaximumBytes) throws {
        let file = try FileBytes(path: path)
        let source = try Self.unpacked(file)
        let header = try IDXHeader(from: source, path: path)
        let size = header.payloadBytes
        guard size <= maximumBytes else {
            throw IDXError(path, .tooLarge(shape: header.shape, limit: maximumBytes))
        }
        guard size <= source.mostBytes else {
            throw IDXError(
                path, .claimsMoreThanFits(shape: header.shape, bytes: size, fileBytes: file.size))
        }
        self.path = path
        element = header.element
        shape = header.shape
        bytes = try Self.payload(of: size, from: source, path: path)
    }

    private static func unpacked(_ file: FileBytes) throws -> any ByteSource {
        try file.startsLikeGzip() ? GzipReader(file) : file
    }

    /// Reads in growing pieces, so that memory follows what is there and not what is claimed.
    private static func payload(
        of size: Int, from source: any ByteSource, path: String
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < size {
            let length = min(size - bytes.count, max(bytes.count, 64 << 20))
            let piece = try [UInt8](unsafeUninitializedCapacity: length) { buffer, found in
                found = try source.read(
                    into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: length))
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            guard piece.count == length else {
                throw IDXError(path, .payloadShort(found: bytes.count, expected: size))
            }
        }
        // Asking for one byte more also makes a gzip reader check its trailer.
        let surplus = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
            try source.read(into: $0)
        }
        guard surplus == 0 else { throw IDXError(path, .surplus(expected: size)) }
        return bytes
    }
}
