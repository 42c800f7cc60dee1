import Files
public import Foundation

/// NumPy's `.npy` files, versions 1.0, 2.0 and 3.0: one array of any shape, of floats, integers or
/// truth values, in either byte order and either order of dimensions.
///
/// Source: numpy.lib.format in NumPy's documentation. Differs in refusing bytes after the array.
public struct NumpyFile: Sendable {
    /// The sizes of the dimensions; `[]` for a single number.
    public let shape: [Int]
    /// The type of the numbers in the file.
    public let elementType: ElementType

    private let source: ByteSource
    private let dataStart: Int
    private let header: NumpyHeader

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Opens a file and checks its structure.
    ///
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid or
    ///   holds another type.
    public init(contentsOf url: URL) throws {
        let file = try ReadableFile(url)
        try self.init(.file(file), file.path)
    }

    /// Checks the structure of a file in memory.
    ///
    /// - Throws: ``FormatFailure`` as for ``init(contentsOf:)``.
    public init(data: Data) throws {
        try self.init(.memory(data), nil)
    }

    /// - Parameter path: What errors call the source.
    init(_ source: ByteSource, _ path: String?) throws {
        func invalid(_ reason: FormatFailure.Reason, _ detail: String) -> FormatFailure {
            FormatFailure(
                .numpy, path, reason, detail, remedy: "save plain numbers again with numpy.save")
        }
        let start = try source.read(at: 0, count: min(12, source.count))
        guard start.prefix(6).elementsEqual(Self.magic.prefix(start.count)) else {
            throw invalid(.header, "it does not start with the mark of such a file")
        }
        guard start.count >= 10 else { throw invalid(.truncated, "it ends within its header") }
        guard 1...3 ~= start[6], start[7] == 0 else {
            throw invalid(
                .header, "it has version \(start[6]).\(start[7]), and 1.0, 2.0 and 3.0 are read")
        }
        let textStart = start[6] == 1 ? 10 : 12
        let length = start[8..<min(textStart, start.count)].reversed().reduce(0) {
            $0 << 8 | Int($1)
        }
        dataStart = textStart + length
        guard dataStart <= source.count else {
            throw invalid(.truncated, "it ends within its header")
        }
        guard length <= ArrayLimits.numpyHeader else {
            throw invalid(.header, "its header claims \(length) bytes; 1 MiB is allowed")
        }
        do {
            header = try NumpyHeader(text: source.read(at: textStart, count: length))
        } catch let failure as NumpyHeader.Invalid {
            throw invalid(failure.reason, failure.detail)
        }
        guard let length = TensorLayout.byteCount(of: header.shape, header.type),
            length / header.type.byteCount <= ArrayLimits.values
        else { throw invalid(.shape, "its shape \(header.shape) is too large") }
        let found = source.count - dataStart
        guard found == length else {
            let reason: FormatFailure.Reason = found < length ? .truncated : .trailingBytes
            throw invalid(reason, "its array takes \(length) bytes but \(found) follow the header")
        }
        (shape, elementType) = (header.shape, header.type)
        self.source = source
    }

    /// Reads the numbers, rounded to single precision.
    ///
    /// - Returns: The values with the last dimension varying fastest; integers beyond ±2²⁴ may lose
    ///   their last digits.
    /// - Throws: `FileFailure`.
    public func values() throws -> [Float] { try values(as: Float.self) }

    /// Reads the numbers, rounded to a type.
    ///
    /// - Returns: The values with the last dimension varying fastest.
    /// - Throws: `FileFailure`.
    package func values<Scalar: BinaryFloatingPoint>(as type: Scalar.Type) throws -> [Scalar] {
        let count = (source.count - dataStart) / elementType.byteCount
        let stored = try elementType.values(
            from: dataStart, of: source, count: count, isBigEndian: header.isBigEndian, as: type)
        guard header.isFortranOrder, shape.count > 1, !stored.isEmpty else { return stored }
        return TensorLayout.strided(
            stored, shape: shape, strides: shape.indices.map { shape[..<$0].reduce(1, *) })
    }
}

extension NumpyFile {
    /// Encodes an array of float32 numbers in memory.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the dimensions.
    ///   - values: As many numbers, the last dimension varying fastest.
    /// - Throws: ``FormatFailure`` when the shape contradicts the number of values.
    public static func encode(shape: [Int], values: [Float]) throws -> Data {
        var data = try header(shape, values.count, path: nil)
        FloatBytes.forEachPiece(of: values) { data.append(contentsOf: $0) }
        return data
    }

    /// Writes an array of float32 numbers to a file, which appears only when it is complete.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the dimensions.
    ///   - values: As many numbers, the last dimension varying fastest.
    ///   - url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FormatFailure`` when the shape contradicts the number of values;
    ///   `FileFailure`.
    public static func write(shape: [Int], values: [Float], to url: URL) throws {
        let start = try header(shape, values.count, path: url.path)
        let writer = try AtomicFileWriter(to: url)
        try writer.append(start)
        try FloatBytes.forEachPiece(of: values) { try writer.append($0) }
        try writer.commit()
    }

    /// What is in front of the numbers.
    ///
    /// - Parameter descriptor: NumPy's name of their type.
    static func header(
        _ shape: [Int], _ count: Int, path: String?, descriptor: String = "<f4"
    ) throws -> Data {
        guard TensorLayout.elementCount(of: shape) == count else {
            let detail = "\(count) values do not fill the shape \(shape)"
            throw FormatFailure(.numpy, path, .shape, detail, remedy: "change the shape given")
        }
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The array starts at a multiple of 64 bytes, so that it can be mapped into memory.
        let padding = -(10 + text.utf8.count + 1) & 63
        let length = text.utf8.count + padding + 1
        return Data(magic) + Data([1, 0, UInt8(length & 255), UInt8(length >> 8)])
            + Data((text + String(repeating: " ", count: padding) + "\n").utf8)
    }
}
