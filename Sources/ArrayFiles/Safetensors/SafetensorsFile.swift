import Files
public import Foundation

/// A safetensors file that is open for reading; tensors are read when they are asked for.
///
/// The whole structure is checked on opening: what is not in order is an error, whatever the file
/// claims. Safe to use from several threads.
///
/// Source: the format's description and limits at github.com/huggingface/safetensors. Differs in
/// refusing keys that the description does not name, and in not reading floats of 8 bits and less.
public struct SafetensorsFile: Sendable {
    private let source: ByteSource
    private let header: SafetensorsHeader
    private let dataStart: Int

    /// Opens a file and checks its structure.
    ///
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid.
    public init(contentsOf url: URL) throws {
        try self.init(.file(ReadableFile(url)))
    }

    /// Checks the structure of a file in memory.
    ///
    /// - Throws: ``FormatFailure`` when it is not valid.
    public init(data: Data) throws {
        try self.init(.memory(data))
    }

    private init(_ source: ByteSource) throws {
        func invalid(_ reason: FormatFailure.Reason, _ detail: String) -> FormatFailure {
            FormatFailure(.safetensors, source.path, reason, detail)
        }
        guard source.count >= 8 else {
            throw invalid(.truncated, "it has \(source.count) bytes and needs 8 at least")
        }
        let start = Array(try source.read(at: 0, count: min(source.count, 9)))
        if let (found, remedy) = Self.otherFormat(beginning: start) {
            throw FormatFailure(.safetensors, source.path, .header, found, remedy: remedy)
        }
        let length = start.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let limit = ArrayLimits.safetensorsHeader
        guard length <= UInt64(limit) else {
            throw invalid(.header, "its header claims \(length) bytes; \(limit) are allowed")
        }
        dataStart = 8 + Int(length)
        guard dataStart <= source.count else {
            throw invalid(.truncated, "it ends within its header of \(length) bytes")
        }
        header = try SafetensorsHeader(
            text: source.read(at: 8, count: Int(length)),
            dataLength: source.count - dataStart, path: source.path)
        self.source = source
    }

    /// What a file that begins so is in place of safetensors, and how it becomes one; nil where the
    /// ninth byte begins a header.
    private static func otherFormat(beginning start: [UInt8]) -> (found: String, remedy: String)? {
        guard start.last != UInt8(ascii: "{") else { return nil }
        let weights =
            "write the weights with safetensors.torch.save_file(torch.load(FILE), NEW_FILE)"
        let formats: [(start: [UInt8], found: String, remedy: String)] = [
            (Array("PK\u{3}\u{4}".utf8), "it is a zip archive, as torch.save writes", weights),
            ([0x80, 2], "it is a Python pickle, as older versions of torch.save write", weights),
            (
                [0x89] + Array("HDF".utf8), "it is an HDF5 file, as Keras writes",
                "write its arrays with safetensors.numpy.save_file"
            ),
        ]
        return formats.first { start.starts(with: $0.start) }.map { ($0.found, $0.remedy) }
    }

    /// The names of all tensors, in the order of their data.
    public var tensorNames: [String] {
        header.entries
            .sorted {
                ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                    < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
            }
            .map(\.key)
    }

    /// The text that the file carries beside its tensors.
    public var metadata: [String: String] { header.metadata }

    /// The shape of a tensor.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name.
    public func shape(of name: String) throws -> [Int] { try entry(name).shape }

    /// The type of a tensor's numbers.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name or its type is not read.
    public func elementType(of name: String) throws -> ElementType {
        let entry = try entry(name)
        guard let type = entry.type else {
            throw failure(
                .elementType,
                "the tensor \(name.quoted) has the type \(entry.typeName.quoted), which is not "
                    + "read",
                remedy: "convert it to F32 first")
        }
        return type
    }

    /// Reads a tensor of fractions, converted to single precision.
    ///
    /// - Parameter name: The tensor's name; its type is F32, F64, F16 or BF16.
    /// - Returns: The shape, and the values with the last dimension varying fastest.
    /// - Throws: ``FormatFailure`` when there is none of that name, its type is another one (read
    ///   those by ``bytes(of:)``) or it has more than 2³¹ values; `FileFailure`.
    public func tensor(named name: String) throws -> (shape: [Int], values: [Float]) {
        let type = try elementType(of: name)
        guard type.isFloatingPoint else {
            throw failure(
                .elementType, "the tensor \(name.quoted) holds \(type.rawValue), not floats",
                remedy: "convert it to F32 first")
        }
        return (try shape(of: name), try values(of: name, as: Float.self))
    }

    /// Reads a tensor's numbers of any type, rounded to another.
    ///
    /// - Returns: The values with the last dimension varying fastest.
    /// - Throws: As ``tensor(named:)``, but for types of integers and truth values.
    package func values<Scalar: BinaryFloatingPoint>(
        of name: String, as type: Scalar.Type
    ) throws -> [Scalar] {
        try elementType(of: name).values(bytes(of: name), as: type)
    }

    /// Reads a tensor's bytes as they are: little-endian, the last dimension varying fastest.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name or it has more than 2³¹ values;
    ///   `FileFailure`.
    public func bytes(of name: String) throws -> [UInt8] {
        let entry = try entry(name)
        let count = TensorLayout.elementCount(of: entry.shape) ?? entry.range.count
        guard count <= ArrayLimits.values else {
            throw failure(
                .shape, "the tensor \(name.quoted) has \(count) values, more than can be read",
                remedy: "split it into smaller ones")
        }
        return try source.read(at: dataStart + entry.range.lowerBound, count: entry.range.count)
    }

    /// What errors call the file.
    package var path: String? { source.path }

    /// The bytes before the data.
    ///
    /// - Throws: `FileFailure`.
    package func head() throws -> [UInt8] { try source.read(at: 0, count: dataStart) }

    /// Passes a tensor's bytes on in pieces, in memory that does not depend on its size.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name; `FileFailure`.
    package func forEachPiece(
        of name: String, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let entry = try entry(name)
        let pieceLength = 1 << 20
        for start in stride(from: 0, to: entry.range.count, by: pieceLength) {
            let place = dataStart + entry.range.lowerBound + start
            let length = min(pieceLength, entry.range.count - start)
            try source.read(at: place, count: length).withUnsafeBytes(body)
        }
    }

    private func entry(_ name: String) throws -> SafetensorsHeader.Entry {
        guard let entry = header.entries[name] else {
            let known = tensorNames.prefix(10).map(\.quoted).joined(separator: ", ")
            let more = header.entries.count > 10 ? " and others" : ""
            throw failure(
                .unknownTensor, "it has no tensor \(name.quoted)",
                remedy: known.isEmpty ? "it has none at all" : "it has \(known)\(more)")
        }
        return entry
    }

    private func failure(
        _ reason: FormatFailure.Reason, _ detail: String, remedy: String
    ) -> FormatFailure {
        FormatFailure(.safetensors, source.path, reason, detail, remedy: remedy)
    }
}
