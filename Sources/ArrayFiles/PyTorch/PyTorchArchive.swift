import Files
public import Foundation

/// Tensors by name in a file of PyTorch's `torch.save`, as an archive (since PyTorch 1.6) or in the
/// form before it.
///
/// Dictionaries of tensors are read, also one within another, whose names are joined by dots, and
/// lists. Values that are no tensors are passed over. Nothing of the file is carried out: see
/// `PickleReader`. Safe to use from several threads.
///
/// Source: torch/serialization.py of PyTorch.
public struct PyTorchArchive: Sendable {
    private struct Tensor: Sendable {
        let shape: [Int]
        let strides: [Int]
        let offset: Int
        let type: ElementType
        /// The first byte of its storage in the file.
        let start: Int
    }

    private let source: ByteSource
    private let tensors: [String: Tensor]

    /// The names of all tensors, as in the file.
    public let tensorNames: [String]

    private static let remedy =
        "save the state dictionary again with torch.save(model.state_dict(), FILE)"
    /// The longest pickle that is read, in bytes: those of large networks have some hundred
    /// thousand.
    private static let longestPickle = 64 << 20
    /// The longest name of a tensor, in bytes.
    private static let longestName = 1000
    /// All names together, in bytes: a tensor may be in a file many times, each with a long name.
    private static let longestNames = 32 << 20
    /// The values in dictionaries and lists that are looked at.
    private static let mostValues = 1 << 20
    /// How deep dictionaries may lie within each other.
    private static let greatestDepth = 16
    /// The number that a file of the older form begins with, as a pickle.
    private static let magic: [UInt8] = [
        0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
        UInt8(ascii: "."),
    ]

    /// Opens a file and reads which tensors it has.
    ///
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid or
    ///   has more than tensors and plain values in it.
    public init(contentsOf url: URL) throws { try self.init(.file(ReadableFile(url))) }

    /// Reads which tensors a file in memory has.
    ///
    /// - Throws: ``FormatFailure`` as for ``init(contentsOf:)``.
    public init(data: Data) throws { try self.init(.memory(data)) }

    private init(_ source: ByteSource) throws {
        self.source = source
        let start = try source.read(at: 0, count: min(source.count, Self.magic.count))
        let content =
            try start == Self.magic
            ? Self.olderContent(source) : Self.archiveContent(source)
        var found: [(name: String, tensor: Tensor)] = []
        for (name, view) in try Self.views(content.reader, content.value, source) {
            found.append((name, try Self.tensor(view, name, content.storages, source)))
        }
        tensors = Dictionary(found) { _, last in last }
        var names: Set<String> = []
        tensorNames = found.map(\.name).filter { names.insert($0).inserted }
    }

    /// A pickle that was read, and where its storages lie: the first byte and how many there are.
    private typealias Content = (
        reader: PickleReader, value: PickleReader.Value,
        storages: [String: (start: Int, count: Int)]
    )

    private static func archiveContent(_ source: ByteSource) throws -> Content {
        let archive = try ZipArchive(source, as: .pyTorch, remedy: remedy)
        let pickles = archive.entries.filter { $0.name.hasSuffix("/data.pkl") }
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw failure(source, .header, "it has no file data.pkl, as torch.save writes")
        }
        guard pickle.entry.size <= longestPickle else {
            throw failure(source, .header, "its pickle claims \(pickle.entry.size) bytes")
        }
        let folder = pickle.name.dropLast("data.pkl".count)
        var storages: [String: (start: Int, count: Int)] = [:]
        for (name, entry) in archive.entries where name.hasPrefix(folder + "data/") {
            guard let start = entry.storedStart else {
                throw failure(source, .elementType, "\(name.quoted) is packed")
            }
            storages[String(name.dropFirst(folder.count + 5))] = (start, entry.size)
        }
        if let order = archive.entries.first(where: { $0.name == folder + "byteorder" }) {
            let bytes = try archive.bytes(of: order.entry, named: order.name.quoted)
            guard bytes == Data("little".utf8) else {
                throw failure(source, .elementType, "its numbers begin with the greatest byte")
            }
        }
        var reader = PickleReader(
            Array(try archive.bytes(of: pickle.entry, named: pickle.name.quoted)))
        let value = try value(of: &reader, source)
        return (reader, value, storages)
    }

    /// Four pickles, a number, a number, facts about the machine and the content, then a list of
    /// the storages' names, and of each storage how many numbers it has and the numbers.
    private static func olderContent(_ source: ByteSource) throws -> Content {
        let head = try source.read(at: 0, count: min(source.count, longestPickle))
        var reader = PickleReader(head)
        for _ in 0..<3 {
            _ = try value(of: &reader, source)
            reader = PickleReader(head, from: reader.end)
        }
        let content = try value(of: &reader, source)
        var keys = PickleReader(head, from: reader.end)
        guard case .list(let place) = try value(of: &keys, source) else {
            throw failure(source, .header, "it has no list of storages")
        }
        var sizes: [String: Int] = [:]
        for storage in reader.storages {
            let width = elementType(storage.type)?.byteCount ?? 0
            let (size, isTooLong) = storage.count.multipliedReportingOverflow(by: width)
            sizes[storage.key] = isTooLong ? .max : size
        }
        var storages: [String: (start: Int, count: Int)] = [:]
        var start = keys.end
        for key in keys.lists[place] {
            guard case .text(let name) = key, let size = sizes[name], start + 8 <= source.count,
                size <= source.count - start - 8
            else { throw failure(source, .truncated, "it ends within its storages") }
            storages[name] = (start + 8, size)
            start += 8 + size
        }
        return (reader, content, storages)
    }

    private static func value(
        of reader: inout PickleReader, _ source: ByteSource
    ) throws -> PickleReader.Value {
        do {
            return try reader.value()
        } catch .truncated {
            throw failure(source, .truncated, "its pickle ends too early")
        } catch .malformed {
            throw failure(source, .header, "its pickle is no state dictionary")
        } catch .long {
            throw failure(
                source, .header,
                "its pickle has more than \(PickleReader.mostOperations) operations")
        } catch .unknown(let what) {
            throw failure(source, .header, "its pickle has \(what), which is not read")
        }
    }

    /// All tensors within a value with their names.
    private static func views(
        _ reader: PickleReader, _ value: PickleReader.Value, _ source: ByteSource
    ) throws -> [(name: String, view: PickleReader.View)] {
        var found: [(name: String, view: PickleReader.View)] = []
        var (visited, length) = (0, 0)
        func visit(_ value: PickleReader.Value, _ name: String, _ depth: Int) throws {
            visited += 1
            // One that is within itself, or many times in others, has no end.
            guard depth <= greatestDepth, visited <= mostValues else {
                throw failure(source, .header, "its values lie too deep within each other")
            }
            guard name.utf8.count <= longestName else {
                throw failure(source, .header, "it has a name of more than \(longestName) bytes")
            }
            let inner = { (key: String) in name.isEmpty ? key : name + "." + key }
            switch value {
            case .tensor(let place):
                length += name.utf8.count
                guard length <= longestNames else {
                    throw failure(source, .header, "it has tensors under too many long names")
                }
                found.append((name, reader.views[place]))
            case .dictionary(let place):
                for (key, value) in reader.pairs[place] {
                    switch key {
                    case .text(let text): try visit(value, inner(text), depth + 1)
                    case .integer(let number): try visit(value, inner("\(number)"), depth + 1)
                    default: continue
                    }
                }
            case .list(let place), .tuple(let place):
                for (index, value) in reader.lists[place].enumerated() {
                    try visit(value, inner("\(index)"), depth + 1)
                }
            default: break
            }
        }
        try visit(value, "", 0)
        return found
    }

    private static func tensor(
        _ view: PickleReader.View, _ name: String,
        _ storages: [String: (start: Int, count: Int)], _ source: ByteSource
    ) throws -> Tensor {
        guard let type = elementType(view.storage.type) else {
            throw failure(
                source, .elementType, "the tensor \(name.quoted) is a \(view.storage.type)")
        }
        guard let storage = storages[view.storage.key] else {
            throw failure(source, .offsets, "the numbers of \(name.quoted) are not in it")
        }
        let present = min(storage.count / type.byteCount, view.storage.count)
        guard view.shape.count == view.strides.count, view.offset >= 0,
            view.strides.allSatisfy({ $0 >= 0 }),
            let count = TensorLayout.elementCount(of: view.shape), count <= present,
            count == 0 || farthest(view).map({ $0 < present }) == true
        else {
            throw failure(
                source, .offsets, "the tensor \(name.quoted) is larger than its \(present) numbers")
        }
        return Tensor(
            shape: view.shape, strides: view.strides, offset: view.offset, type: type,
            start: storage.start)
    }

    /// The place of the last number; nil where it cannot be counted.
    private static func farthest(_ view: PickleReader.View) -> Int? {
        var place = view.offset
        for (size, stride) in zip(view.shape, view.strides) {
            let (reach, isTooFar) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflows) = place.addingReportingOverflow(reach)
            guard !isTooFar, !overflows else { return nil }
            place = sum
        }
        return place
    }

    private static func elementType(_ storage: String) -> ElementType? {
        [
            "torch.DoubleStorage": .float64, "torch.FloatStorage": .float32,
            "torch.HalfStorage": .float16, "torch.BFloat16Storage": .bfloat16,
            "torch.LongStorage": .int64, "torch.IntStorage": .int32,
            "torch.ShortStorage": .int16, "torch.CharStorage": .int8,
            "torch.ByteStorage": .uint8, "torch.BoolStorage": .bool,
        ][storage]
    }

    private static func failure(
        _ source: ByteSource, _ reason: FormatFailure.Reason, _ detail: String
    ) -> FormatFailure {
        FormatFailure(.pyTorch, source.path, reason, detail, remedy: remedy)
    }
}

extension PyTorchArchive {
    /// What errors call the file.
    package var path: String? { source.path }

    /// The shape of a tensor.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name.
    public func shape(of name: String) throws -> [Int] { try tensor(name).shape }

    /// The type of a tensor's numbers.
    ///
    /// - Throws: ``FormatFailure`` when there is none of that name.
    public func elementType(of name: String) throws -> ElementType { try tensor(name).type }

    /// Reads a tensor, rounded to single precision.
    ///
    /// - Returns: The shape, and the values with the last dimension varying fastest.
    /// - Throws: ``FormatFailure`` when there is none of that name; `FileFailure`.
    public func tensor(named name: String) throws -> (shape: [Int], values: [Float]) {
        (try shape(of: name), try values(of: name, as: Float.self))
    }

    /// Reads a tensor's numbers of any type, rounded to another.
    ///
    /// - Returns: The values with the last dimension varying fastest.
    /// - Throws: As ``tensor(named:)``.
    package func values<Scalar: BinaryFloatingPoint>(
        of name: String, as type: Scalar.Type
    ) throws -> [Scalar] {
        let tensor = try tensor(name)
        guard !tensor.shape.contains(0) else { return [] }
        let reach = zip(tensor.shape, tensor.strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
        let size = tensor.type.byteCount
        let bytes = try source.read(
            at: tensor.start + tensor.offset * size, count: reach * size)
        return TensorLayout.strided(
            tensor.type.values(bytes, as: type), shape: tensor.shape, strides: tensor.strides)
    }

    private func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else {
            let known = tensorNames.prefix(10).map(\.quoted).joined(separator: ", ")
            throw FormatFailure(
                .pyTorch, source.path, .unknownTensor, "it has no tensor \(name.quoted)",
                remedy: known.isEmpty
                    ? "it has none at all" : "it has \(known)\(tensorNames.count > 10 ? ", …" : "")"
            )
        }
        return tensor
    }
}
