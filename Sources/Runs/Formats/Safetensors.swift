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
    /// - Throws: ``FormatFailure`` as for ``encode(_:metadata:)``; ``FileFailure``.
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
    static func check(_ tensors: [Tensor], _ path: String?) throws {
        for tensor in tensors
        where TensorLayout.elementCount(of: tensor.shape) != tensor.values.count {
            let found = "\(tensor.values.count) values for the shape \(tensor.shape)"
            throw SafetensorsHeader.unwritable(path, .shape, "\(tensor.name.quoted) has \(found)")
        }
    }

    private static func header(
        _ tensors: [Tensor], _ metadata: [String: String], path: String?
    ) throws -> Data {
        try check(tensors, path)
        return try SafetensorsHeader.encode(
            tensors.map { ($0.name, .float32, $0.shape) }, metadata: metadata, path: path)
    }
}
