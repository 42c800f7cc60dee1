import Files
public import Foundation

/// Writing tensors as safetensors, the format that checkpoints and exported weights use.
///
/// Equal tensors and metadata give equal bytes: tensors keep the order given, metadata is sorted
/// by key. Header and data start at multiples of 8 bytes.
///
/// Source: the format's description at github.com/huggingface/safetensors.
public enum Safetensors {
    /// A tensor to be written: the values with the last dimension varying fastest.
    public typealias Tensor = (name: String, shape: [Int], values: [Float])

    /// Encodes tensors in memory.
    ///
    /// - Parameters:
    ///   - tensors: Names that differ, each with as many values as its shape says.
    ///   - metadata: Text to carry along.
    /// - Returns: The content of a file, numbers as F32.
    /// - Throws: ``FormatFailure`` when a name occurs twice or a shape contradicts its values.
    public static func encode(
        _ tensors: [Tensor], metadata: [String: String] = [:]
    ) throws -> Data {
        var data = try header(tensors, metadata, path: nil)
        for tensor in tensors {
            FloatBytes.forEachPiece(of: tensor.values) { data.append(contentsOf: $0) }
        }
        return data
    }

    /// Writes tensors to a file, which appears only when it is complete.
    ///
    /// - Parameters:
    ///   - tensors: Names that differ, each with as many values as its shape says.
    ///   - metadata: Text to carry along.
    ///   - url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FormatFailure`` as for ``encode(_:metadata:)``; `FileFailure`.
    public static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], to url: URL
    ) throws {
        let start = try header(tensors, metadata, path: url.path)
        let writer = try AtomicFileWriter(to: url)
        try writer.append(start)
        for tensor in tensors {
            try FloatBytes.forEachPiece(of: tensor.values) { try writer.append($0) }
        }
        try writer.commit()
    }

    /// Compares shapes with values.
    ///
    /// - Throws: ``FormatFailure`` where they contradict each other.
    package static func check(_ tensors: [Tensor], _ path: String?) throws {
        for tensor in tensors
        where TensorLayout.elementCount(of: tensor.shape) != tensor.values.count {
            let found = "\(tensor.values.count) values for the shape \(tensor.shape)"
            throw unwritable(path, .shape, "\(tensor.name.quoted) has \(found)")
        }
    }

    private static func header(
        _ tensors: [Tensor], _ metadata: [String: String], path: String?
    ) throws -> Data {
        try check(tensors, path)
        return try head(
            tensors.map { ($0.name, .float32, $0.shape) }, metadata: metadata, path: path)
    }
}

extension Safetensors {
    /// A tensor whose data are to follow.
    package typealias Declaration = (name: String, type: ElementType, shape: [Int])

    /// The bytes before the data, whose length is a multiple of 8.
    ///
    /// - Parameters:
    ///   - tensors: In the order of their data.
    ///   - metadata: Text to carry along.
    ///   - path: The file's name, for errors.
    /// - Throws: ``FormatFailure`` when a name occurs twice or a shape has no meaning.
    package static func head(
        _ tensors: [Declaration], metadata: [String: String], path: String?
    ) throws -> Data {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0)):\(json($1))" }
            members.append(
                "\(json(SafetensorsHeader.metadataKey)):{\(pairs.joined(separator: ","))}")
        }
        var names: Set<String> = [SafetensorsHeader.metadataKey]
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else {
                throw unwritable(path, .duplicateName, "the name \(tensor.name.quoted) is taken")
            }
            guard let length = TensorLayout.byteCount(of: tensor.shape, tensor.type),
                case (let end, let overflow) = offset.addingReportingOverflow(length), !overflow
            else {
                let found = "the shape \(tensor.shape)"
                throw unwritable(path, .shape, "\(tensor.name.quoted) has \(found)")
            }
            let sizes = tensor.shape.map(String.init).joined(separator: ",")
            let place = "\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]"
            members.append(
                "\(json(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\(place)}")
            offset = end
        }
        var text = Data("{\(members.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -text.count & 7))
        guard text.count <= ArrayLimits.safetensorsHeader else {
            throw unwritable(path, .header, "names and metadata exceed 100 MB")
        }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
    }

    private static func unwritable(
        _ path: String?, _ reason: FormatFailure.Reason, _ detail: String
    ) -> FormatFailure {
        FormatFailure(.safetensors, path, reason, detail, remedy: "change the tensors given")
    }

    private static func json(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{00}"..<"\u{20}": "\\u" + String(format: "%04x", scalar.value)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
