import ArrayFiles
import Files
import Foundation

/// How a checkpoint lies in a safetensors file.
///
/// Version 1: tensors of floats (F32) under their own names; every counter a U64 scalar named
/// `checkpoint.counter.<name>`; last `checkpoint.checks`, U32: the CRC-32C of all bytes before the
/// data, then of each tensor before this one, in order. Text is in the metadata.
enum CheckpointFormat {
    static let name = "swift-wgan checkpoint"
    static let version = 1
    static let reserved = "checkpoint."
    static let counterPrefix = "checkpoint.counter."
    static let checks = "checkpoint.checks"

    /// The keys of the metadata.
    enum Key {
        static let format = "format"
        static let version = "version"
        static let step = "step"
        static let configuration = "configuration"
        static let configurationHash = "configurationHash"
        static let textPrefix = "text."
        static let metricPrefix = "metric."
    }

    /// Writes a checkpoint, whole or not at all.
    ///
    /// - Throws: ``CheckpointFailure/unwritable(_:)``; `FormatFailure` when a name occurs twice
    ///   or a shape contradicts its values; `FileFailure`.
    static func write(
        _ checkpoint: Checkpoint, to url: URL, calls: FileCalls = FileCalls()
    ) throws {
        let counters = checkpoint.counters.sorted { $0.key < $1.key }
        let head = try head(of: checkpoint, counters.map(\.key), url.path)
        let writer = try AtomicFileWriter(to: url, calls: calls)
        try writer.append(head)
        var checks = [head.withUnsafeBytes { CRC32C($0).value }]
        for tensor in checkpoint.tensors {
            var check = CRC32C()
            try FloatBytes.forEachPiece(of: tensor.values) {
                check.update($0)
                try writer.append($0)
            }
            checks.append(check.value)
        }
        for (_, value) in counters {
            let bytes = withUnsafeBytes(of: value.littleEndian) { Array($0) }
            try writer.append(bytes)
            checks.append(CRC32C(bytes).value)
        }
        try writer.append(
            checks.flatMap { check in
                withUnsafeBytes(of: check.littleEndian) { Array($0) }
            })
        try writer.commit()
    }

    private static func head(
        of checkpoint: Checkpoint, _ counters: [String], _ path: String
    ) throws -> Data {
        guard checkpoint.step >= 0 else {
            throw CheckpointFailure.unwritable("step \(checkpoint.step)")
        }
        if let taken = checkpoint.tensors.first(where: { $0.name.hasPrefix(reserved) }) {
            throw CheckpointFailure.unwritable(taken.name)
        }
        try Safetensors.check(checkpoint.tensors, path)
        var declarations: [Safetensors.Declaration] = checkpoint.tensors.map {
            ($0.name, .float32, $0.shape)
        }
        declarations += counters.map { (counterPrefix + $0, .uint64, []) }
        declarations.append((checks, .uint32, [declarations.count + 1]))
        return try Safetensors.head(
            declarations, metadata: metadata(of: checkpoint), path: path)
    }

    private static func metadata(of checkpoint: Checkpoint) -> [String: String] {
        var metadata = [
            Key.format: name, Key.version: "\(version)", Key.step: "\(checkpoint.step)",
            Key.configuration: checkpoint.configuration,
            Key.configurationHash: Checkpoint.hash(ofConfiguration: checkpoint.configuration),
        ]
        for (key, text) in checkpoint.texts { metadata[Key.textPrefix + key] = text }
        // A double's shortest text reads back as the same double.
        for (key, value) in checkpoint.metrics { metadata[Key.metricPrefix + key] = "\(value)" }
        return metadata
    }
}
