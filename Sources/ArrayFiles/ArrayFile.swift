import Files
import Foundation

/// An array of numbers in a file of any format: a table of text, NumPy's, safetensors or IDX.
package struct ArrayFile {
    private enum Content {
        case table(CSVTable)
        case numpy(NumpyFile)
        case idx(IDXFile)
        case tensor(SafetensorsFile, name: String)
        case pyTorch(PyTorchArchive, name: String)
    }

    /// The sizes of the dimensions; `[]` for a single number.
    package let shape: [Int]
    /// The type of the numbers in the file; float64 for text.
    package let elementType: ElementType
    private let content: Content
    private let path: String

    /// The endings of the files that may hold several arrays, each with a name.
    private static let endingsWithNames: Set<String> = ["npz", "safetensors", "pt", "pth"]
    /// The endings of all such files.
    package static let endings = CSVTable.endings.union(endingsWithNames).union(["npy"])

    /// Opens `FILE`, or `FILE#NAME` for one of several arrays.
    ///
    /// - Throws: `FileFailure`, ``FormatFailure`` or ``CSVFailure`` for a file that cannot be
    ///   read; ``ArrayFailure`` for a name where there are none and for too many numbers.
    package init(at place: String) throws {
        let (path, name) = Self.parts(of: place)
        let url = URL(fileURLWithPath: path)
        let ending = url.pathExtension.lowercased()
        if let name, !Self.endingsWithNames.contains(ending) {
            throw ArrayFailure.name(name, path: path)
        }
        switch ending {
        case "npy": content = .numpy(try NumpyFile(contentsOf: url))
        case "npz": content = .numpy(try NumpyArchive(contentsOf: url).array(named: name))
        case "safetensors":
            let file = try SafetensorsFile(contentsOf: url)
            content = .tensor(
                file, name: try Self.name(name, of: file.tensorNames, .safetensors, file.path))
        case "pt", "pth":
            let file = try PyTorchArchive(contentsOf: url)
            content = .pyTorch(
                file, name: try Self.name(name, of: file.tensorNames, .pyTorch, file.path))
        case _ where Self.isIDX(path): content = .idx(try IDXFile(contentsOf: path))
        default: content = .table(try CSVTable(contentsOf: url))
        }
        switch content {
        case .table(let table):
            (shape, elementType) = ([table.rows, table.columns], .float64)
        case .numpy(let file): (shape, elementType) = (file.shape, file.elementType)
        case .idx(let file): (shape, elementType) = (file.shape, file.elementType)
        case .tensor(let file, let name):
            (shape, elementType) = (try file.shape(of: name), try file.elementType(of: name))
        case .pyTorch(let file, let name):
            (shape, elementType) = (try file.shape(of: name), try file.elementType(of: name))
        }
        self.path = place
        // An extent of 0 hides no product of the others that cannot be counted.
        let count = TensorLayout.elementCount(of: shape.map { max($0, 1) }) ?? .max
        guard count <= ArrayLimits.doubles else { throw ArrayFailure.count(count, path: place) }
    }

    /// Reads the numbers in double precision, the last dimension varying fastest.
    ///
    /// - Throws: ``ArrayFailure/integers(path:)`` where integers are too large to be told apart;
    ///   `FileFailure`.
    package func doubles() throws -> [Double] {
        let values = try values(as: Double.self)
        // From 2⁵³ on, doubles skip integers.
        if elementType == .int64 || elementType == .uint64,
            values.contains(where: { abs($0) >= 0x1p53 })
        {
            throw ArrayFailure.integers(path: path)
        }
        return values
    }

    /// Reads the numbers in single precision, the last dimension varying fastest.
    ///
    /// - Throws: `FileFailure`.
    package func floats() throws -> [Float] { try values(as: Float.self) }

    private func values<Scalar: BinaryFloatingPoint>(as type: Scalar.Type) throws -> [Scalar] {
        switch content {
        case .table(let table): table.values.map { Scalar($0) }
        case .numpy(let file): try file.values(as: type)
        case .idx(let file): file.elementType.values(file.bytes, isBigEndian: true)
        case .tensor(let file, let name): try file.values(of: name, as: type)
        case .pyTorch(let file, let name): try file.values(of: name, as: type)
        }
    }

    /// The name asked for, or that of the only tensor.
    private static func name(
        _ given: String?, of names: [String], _ format: FormatFailure.Format, _ path: String?
    ) throws -> String {
        if let given { return given }
        guard names.count != 1 else { return names[0] }
        let known = names.prefix(10).map(\.quoted).joined(separator: ", ")
        throw FormatFailure(
            format, path, .unknownTensor, "it has \(names.count) tensors",
            remedy: names.isEmpty
                ? "give one with a tensor"
                : "choose one by FILE#NAME, of \(known)\(names.count > 10 ? ", …" : "")")
    }

    /// Whether a place is to be read as an array, by the ending of its file.
    package static func isArray(_ place: String) -> Bool {
        endings.contains((parts(of: place).path as NSString).pathExtension.lowercased())
    }

    /// Whether a path names an IDX file, packed or not, which may be images or labels.
    package static func isIDX(_ path: String) -> Bool {
        let name = (path as NSString).lastPathComponent.lowercased()
        let ending = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        return ending.hasSuffix("-ubyte") || ending.hasSuffix(".idx")
    }

    /// A path without the name of an array, and that name. A file that has the whole name wins.
    package static func parts(of place: String) -> (path: String, name: String?) {
        guard !FileManager.default.fileExists(atPath: place),
            let mark = place.lastIndex(of: "#")
        else { return (place, nil) }
        return (String(place[..<mark]), String(place[place.index(after: mark)...]))
    }
}

/// Why an array cannot be used.
package enum ArrayFailure: Error, CustomStringConvertible {
    /// A name after the path of a file that holds one array, or none.
    case name(String, path: String)
    /// More numbers than are read.
    case count(Int, path: String)
    /// Integers from ±2⁵³ on.
    case integers(path: String)

    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .name(let name, let path):
            "\(path) holds no arrays with names; leave out \("#\(name)".quoted)"
        case .count(let count, let path):
            "\(path) has \(count) numbers; give at most \(ArrayLimits.doubles) in all"
        case .integers(let path):
            "\(path) holds integers beyond 2^53, which no double tells apart; subtract what they "
                + "have in common, or save them as float64"
        }
    }
}

/// The most that is read of a file of numbers, whatever its header claims.
///
/// A file with holes can claim any size at no cost to its author, and memory that cannot be had
/// ends the process.
public enum ArrayLimits {
    /// The numbers of one array: 8 GiB in single precision.
    public static let values = 1 << 31
    /// The numbers of one array that are read in double precision: 2 GiB.
    public static let doubles = 1 << 28
    /// The bytes of one array that is packed in its file, once unpacked: 4 GiB.
    public static let bytes = 4 << 30
    /// The dimensions of an array, as in NumPy.
    public static let rank = 64
    /// The bytes of a file of text: 1 GiB.
    public static let textBytes = 1 << 30
    /// The bytes of the header of a .npy file, that of a structured type with very many fields.
    public static let numpyHeader = 1 << 20
    /// The bytes of the header of a safetensors file, as in the format's reference implementation.
    public static let safetensorsHeader = 100_000_000
}
