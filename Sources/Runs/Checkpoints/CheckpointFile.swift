package import ArrayFiles
import Files
package import Foundation

/// A checkpoint that is open for reading; tensors are read when they are asked for.
package struct CheckpointFile: Sendable {
    /// The most bytes a checkpoint may have: checking more would seem to hang.
    static let largestCount = 64 << 30

    /// Steps done.
    package let step: Int
    /// The complete configuration of the training.
    package let configuration: String
    /// A short text for it, as ``Checkpoint/hash(ofConfiguration:)`` gives.
    package let configurationHash: String
    /// What else a process that goes on should know, by keys such as `threads` and `seconds`.
    package let texts: [String: String]
    /// Measures of the model.
    package let metrics: [String: Double]
    /// The names of the tensors of floats, in the order written.
    package let tensorNames: [String]

    private let file: SafetensorsFile
    private let path: String
    private let counterNames: [String]

    /// Opens a checkpoint and checks its structure, but not every byte.
    ///
    /// - Throws: `FileFailure`; `FormatFailure` when the file is no safetensors file;
    ///   ``CheckpointFailure`` when it is no checkpoint.
    package init(contentsOf url: URL) throws {
        try self.init(try SafetensorsFile(contentsOf: url))
    }

    init(_ file: SafetensorsFile) throws {
        typealias Key = CheckpointFormat.Key
        let path = file.path ?? "data"
        (self.file, self.path) = (file, path)
        let head = try Head(file.metadata, path)
        (step, configuration, metrics) = (head.step, head.configuration, head.metrics)
        configurationHash = Checkpoint.hash(ofConfiguration: head.configuration)
        texts = file.metadata.suffixes(after: Key.textPrefix)

        var (names, counters): ([String], [String]) = ([], [])
        var size = 0
        for name in file.tensorNames {
            let (type, shape) = (try file.elementType(of: name), try file.shape(of: name))
            size += TensorLayout.byteCount(of: shape, type) ?? 0
            switch (type, name.hasPrefix(CheckpointFormat.reserved)) {
            case (.float32, false): names.append(name)
            case (.uint64, true)
            where shape.isEmpty && name.hasPrefix(CheckpointFormat.counterPrefix):
                counters.append(name)
            case (.uint32, true) where name == CheckpointFormat.checks: continue
            default: throw Head.damaged(path, "the tensor \(name.quoted) does not belong there")
            }
        }
        (tensorNames, counterNames) = (names, counters)
        guard size <= Self.largestCount else {
            throw Head.damaged(path, "it has \(size) bytes, more than a checkpoint may have")
        }
        let checked = names + counters + [CheckpointFormat.checks]
        guard file.tensorNames == checked,
            try file.shape(of: CheckpointFormat.checks) == [checked.count]
        else { throw Head.damaged(path, "its tensors are not in the order of a checkpoint") }
    }

    /// Reads every byte and compares it with its check; takes memory that does not depend on size.
    ///
    /// - Throws: ``CheckpointFailure/damaged(path:reason:)``; `FileFailure`.
    package func verify() throws {
        let checks = try file.bytes(of: CheckpointFormat.checks)
        func expect(_ check: UInt32, _ index: Int, _ what: String) throws {
            let bytes = checks[4 * index..<4 * index + 4]
            guard bytes.reversed().reduce(0, { $0 << 8 | UInt32($1) }) == check else {
                throw Head.damaged(path, "the bytes of \(what) have changed since it was written")
            }
        }
        try expect(CRC32C(try file.head()).value, 0, "its header")
        for (index, name) in (tensorNames + counterNames).enumerated() {
            var check = CRC32C()
            try file.forEachPiece(of: name) { check.update($0) }
            try expect(check.value, index + 1, name.quoted)
        }
    }

    /// The extents of a tensor.
    ///
    /// - Throws: ``CheckpointFailure/missing(path:name:)``.
    package func shape(of name: String) throws -> [Int] {
        guard tensorNames.contains(name) else { throw missing(name) }
        return try file.shape(of: name)
    }

    /// Reads a tensor, with the bits that were written.
    ///
    /// - Throws: ``CheckpointFailure/missing(path:name:)``; `FormatFailure` when it has more than
    ///   2³¹ values; `FileFailure`.
    package func tensor(named name: String) throws -> Safetensors.Tensor {
        guard tensorNames.contains(name) else { throw missing(name) }
        let (shape, values) = try file.tensor(named: name)
        return (name, shape, values)
    }

    /// The names of the counters, sorted.
    package var counters: [String] {
        counterNames.map { String($0.dropFirst(CheckpointFormat.counterPrefix.count)) }
    }

    /// Reads a counter.
    ///
    /// - Throws: ``CheckpointFailure/missing(path:name:)``; `FileFailure`.
    package func counter(_ name: String) throws -> UInt64 {
        let full = CheckpointFormat.counterPrefix + name
        guard counterNames.contains(full) else { throw missing(name) }
        return try file.bytes(of: full).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func missing(_ name: String) -> CheckpointFailure { .missing(path: path, name: name) }
}

/// What the metadata says.
private struct Head {
    let step: Int
    let configuration: String
    let metrics: [String: Double]

    init(_ metadata: [String: String], _ path: String) throws {
        typealias Key = CheckpointFormat.Key
        guard metadata[Key.format] == CheckpointFormat.name,
            let version = metadata[Key.version].flatMap({ Int($0) }), version > 0
        else { throw Self.damaged(path, "it holds tensors but no checkpoint") }
        guard version <= CheckpointFormat.version else {
            throw CheckpointFailure.newerVersion(path: path)
        }
        guard let step = metadata[Key.step].flatMap({ Int($0) }), step >= 0 else {
            throw Self.damaged(path, "it does not tell its step")
        }
        guard let configuration = metadata[Key.configuration],
            metadata[Key.configurationHash] == Checkpoint.hash(ofConfiguration: configuration)
        else { throw Self.damaged(path, "its configuration does not have its hash") }
        (self.step, self.configuration) = (step, configuration)
        metrics = try metadata.suffixes(after: Key.metricPrefix).mapValues { text in
            guard let value = Double(text) else {
                throw Self.damaged(path, "a metric is no number")
            }
            return value
        }
    }

    static func damaged(_ path: String, _ reason: String) -> CheckpointFailure {
        .damaged(path: path, reason: reason)
    }
}

extension [String: String] {
    /// The entries whose keys have a prefix, without it.
    fileprivate func suffixes(after prefix: String) -> [String: String] {
        var result: [String: String] = [:]
        for (key, text) in self where key.hasPrefix(prefix) {
            result[String(key.dropFirst(prefix.count))] = text
        }
        return result
    }
}

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
