/// The head of an IDX file: two zero bytes, a type code, the number of axes, and their lengths as
/// big-endian 32-bit numbers.
struct IDXHeader {
    let element: IDXElement
    let shape: [Int]
    /// How many bytes must follow: known not to overflow.
    let payloadBytes: Int

    init(from source: any ByteSource, path: String) throws {
        let magic = try Self.bytes(4, of: source)
        guard !magic.isEmpty else { throw IDXError(path, .empty) }
        guard magic.prefix(2).allSatisfy({ $0 == 0 }) else {
            throw IDXError(path, .notIDX(firstBytes: magic))
        }
        guard magic.count == 4 else {
            throw IDXError(path, .headerShort(found: magic.count, expected: 4))
        }
        guard let element = IDXElement(rawValue: magic[2]) else {
            throw IDXError(path, .unknownElement(magic[2]))
        }
        let rank = Int(magic[3])
        guard rank > 0 else { throw IDXError(path, .noDimensions) }
        let lengths = try Self.bytes(4 * rank, of: source)
        guard lengths.count == 4 * rank else {
            throw IDXError(path, .headerShort(found: 4 + lengths.count, expected: 4 + 4 * rank))
        }
        shape = stride(from: 0, to: lengths.count, by: 4).map { offset in
            lengths[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        self.element = element
        payloadBytes = try Self.payloadBytes(shape: shape, element: element, path: path)
    }

    /// The product of the lengths and the size of a number, without a silent overflow.
    private static func payloadBytes(
        shape: [Int], element: IDXElement, path: String
    ) throws -> Int {
        if let axis = shape.dropFirst().firstIndex(of: 0) {
            throw IDXError(path, .emptyAxis(shape: shape, axis: axis))
        }
        var bytes = element.size
        // The count comes last: zero items must not hide that one item is too large.
        for length in shape.reversed() {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
            guard !overflow else { throw IDXError(path, .tooLarge(shape: shape, limit: Int.max)) }
            bytes = product
        }
        return bytes
    }

    /// Up to `count` bytes; fewer where the source ends.
    private static func bytes(_ count: Int, of source: any ByteSource) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        return Array(bytes.prefix(found))
    }
}
