public import Foundation

/// A safetensors file that is open for reading; tensors are read when they are asked for.
///
/// The whole structure is checked on opening: what is not in order is an error, whatever the file
/// claims. Safe to use from several threads.
///
/// Source: the format's description and limits at github.com/huggingface/safetensors. Differs in
/// refusing the 8-bit float types and keys that the description does not name.
public struct SafetensorsFile: Sendable {
    private let source: ByteSource
    private let header: SafetensorsHeader
    private let dataStart: Int

    /// Opens a file and checks its structure.
    ///
    /// - Throws: ``FileFailure`` when it cannot be read, ``FormatFailure`` when it is not valid.
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
        let length = try source.read(at: 0, count: 8).reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        let limit = SafetensorsHeader.largestLength
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
    /// - Throws: ``FormatFailure`` when there is none of that name.
    public func elementType(of name: String) throws -> ElementType { try entry(name).type }

    /// Reads a tensor of fractions, converted to single precision.
    ///
    /// - Parameter name: The tensor's name; its type is F32, F64, F16 or BF16.
    /// - Returns: The shape, and the values with the last dimension varying fastest.
    /// - Throws: ``FormatFailure`` when there is none of that name, its type is another one (read
    ///   those by ``bytes(of:)``) or it has more than 2³¹ values; ``FileFailure``.
    public func tensor(named name: String) throws -> (shape: [Int], values: [Float]) {
        let entry = try entry(name)
        guard entry.type.isFloatingPoint else {
            throw failure(
                .elementType, "the tensor \(name.quoted) holds \(entry.type.rawValue), not floats",
                remedy: "convert it to F32 first")
        }
        return (entry.shape, entry.type.floats(try bytes(of: name)))
    }

    /// Reads a tensor's bytes as they are: little-endian, the last dimension varying fastest.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name or it has more than 2³¹ values;
    ///   ``FileFailure``.
    public func bytes(of name: String) throws -> [UInt8] {
        let entry = try entry(name)
        let count = entry.range.count / entry.type.byteCount
        guard count <= TensorLayout.largestCount else {
            throw failure(
                .shape, "the tensor \(name.quoted) has \(count) values, more than can be read",
                remedy: "split it into smaller ones")
        }
        return try source.read(at: dataStart + entry.range.lowerBound, count: entry.range.count)
    }

    /// What errors call the file.
    var path: String? { source.path }

    /// The bytes before the data.
    ///
    /// - Throws: ``FileFailure``.
    func head() throws -> [UInt8] { try source.read(at: 0, count: dataStart) }

    /// Passes a tensor's bytes on in pieces, in memory that does not depend on its size.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name; ``FileFailure``.
    func forEachPiece(
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
