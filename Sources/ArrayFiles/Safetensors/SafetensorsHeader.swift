import Files

/// The names, types, shapes and places of the tensors of a safetensors file.
struct SafetensorsHeader: Sendable {
    struct Entry: Sendable {
        /// Nil for a type that is not read.
        let type: ElementType?
        /// The type's name in the file.
        let typeName: String
        let shape: [Int]
        /// Bytes within the data that follow the header.
        let range: Range<Int>
    }

    /// The key that holds text rather than a tensor.
    static let metadataKey = "__metadata__"

    private(set) var entries: [String: Entry] = [:]
    private(set) var metadata: [String: String] = [:]

    /// Reads a header and checks that its tensors cover the data exactly.
    ///
    /// - Parameters:
    ///   - text: The JSON text.
    ///   - dataLength: The number of bytes that follow.
    ///   - path: The file's name, for errors.
    init(text: [UInt8], dataLength: Int, path: String?) throws {
        do {
            try parse(text)
        } catch let failure as JSONScanner.Malformed {
            let detail = "expected \(failure.expected) at byte \(failure.position) of the header"
            throw FormatFailure(.safetensors, path, .header, detail)
        } catch let failure as Invalid {
            throw FormatFailure(.safetensors, path, failure.reason, failure.detail)
        }
        try checkCoverage(dataLength, path)
    }

    private struct Invalid: Error {
        let reason: FormatFailure.Reason
        let detail: String

        init(_ reason: FormatFailure.Reason, _ detail: String) {
            self.reason = reason
            self.detail = detail
        }
    }

    private mutating func parse(_ text: [UInt8]) throws {
        var scanner = JSONScanner(text)
        var hasMetadata = false
        try scanner.object { scanner, key in
            if key == Self.metadataKey {
                if hasMetadata { throw Invalid(.duplicateName, "\(key) occurs twice") }
                hasMetadata = true
                try parseMetadata(&scanner)
            } else {
                let entry = try Self.entry(named: key, &scanner)
                // Names that differ only in how an accent is encoded count as the same.
                guard entries.updateValue(entry, forKey: key) == nil else {
                    throw Invalid(.duplicateName, "the tensor \(key.quoted) occurs twice")
                }
            }
        }
        guard scanner.isAtEnd() else { throw scanner.malformed("nothing but spaces") }
    }

    private mutating func parseMetadata(_ scanner: inout JSONScanner) throws {
        try scanner.object { scanner, key in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw Invalid(.duplicateName, "the metadata \(key.quoted) occurs twice")
            }
        }
    }

    private static func entry(named name: String, _ scanner: inout JSONScanner) throws -> Entry {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype" where type == nil: type = try scanner.string()
            case "shape" where shape == nil:
                shape = try scanner.integers(limit: ArrayLimits.rank)
            case "data_offsets" where offsets == nil: offsets = try scanner.integers(limit: 2)
            case "dtype", "shape", "data_offsets":
                throw Invalid(.duplicateName, "\(key) occurs twice in \(name.quoted)")
            default: throw Invalid(.header, "\(name.quoted) has an unknown key \(key.quoted)")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw Invalid(.header, "\(name.quoted) lacks one of dtype, shape and data_offsets")
        }
        // A tensor of a type that only others know does no harm to those beside it.
        let elementType = ElementType(rawValue: type)
        guard let count = TensorLayout.elementCount(of: shape),
            case (let length, let isTooLong) = count.multipliedReportingOverflow(
                by: elementType?.byteCount ?? 0), !isTooLong
        else { throw Invalid(.shape, "the shape of \(name.quoted) is too large") }
        guard offsets[0] <= offsets[1],
            elementType == nil || offsets[1] - offsets[0] == length
        else {
            let found = "\(offsets[0])..<\(offsets[1])"
            throw Invalid(.offsets, "\(name.quoted) has \(length) bytes but the range \(found)")
        }
        return Entry(
            type: elementType, typeName: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    private func checkCoverage(_ dataLength: Int, _ path: String?) throws {
        let ordered = entries.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
        }
        var end = 0
        for (name, entry) in ordered {
            guard entry.range.lowerBound == end else {
                let found = "\(name.quoted) starts at \(entry.range.lowerBound), not at \(end)"
                throw FormatFailure(.safetensors, path, .offsets, "the tensor \(found)")
            }
            end = entry.range.upperBound
        }
        guard end != dataLength else { return }
        let reason: FormatFailure.Reason = end > dataLength ? .truncated : .trailingBytes
        let detail = "its tensors take \(end) bytes but \(dataLength) follow the header"
        throw FormatFailure(.safetensors, path, reason, detail)
    }
}
