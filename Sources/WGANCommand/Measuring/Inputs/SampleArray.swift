import Foundation
import Runs

/// Numbers of a file, in single precision, with their shape.
struct SampleArray {
    var shape: [Int]
    var values: [Float]
    /// Whether the numbers were whole in 0…255 by their type.
    var isBytes = false

    /// Endings of the files that hold arrays.
    static let endings: Set<String> = ["npy", "npz", "csv", "safetensors"]

    /// The most numbers of one side.
    static let largestCount = 1 << 28

    /// Reads `FILE`, or `FILE#NAME` for one of several arrays.
    init(at place: String) throws {
        let (path, name) = Self.parts(of: place)
        let url = URL(fileURLWithPath: path)
        switch url.pathExtension.lowercased() {
        case "npy": try self.init(NumpyFile(contentsOf: url), path)
        case "npz":
            try self.init(NumpyArchive(contentsOf: url).array(named: name), path)
        case "csv":
            let table = try CSVTable(contentsOf: url)
            self.init(shape: [table.rows, table.columns], values: table.values)
        default: try self.init(tensor: name, of: SafetensorsFile(contentsOf: url), path)
        }
    }

    init(shape: [Int], values: [Float]) { (self.shape, self.values) = (shape, values) }

    private init(_ file: NumpyFile, _ place: String) throws {
        try Self.check(file.shape, place)
        (shape, values) = (file.shape, try file.values())
        isBytes = file.elementType == .uint8
    }

    private init(tensor name: String?, of file: SafetensorsFile, _ path: String) throws {
        let names = file.tensorNames
        guard let name = name ?? (names.count == 1 ? names[0] : nil) else {
            let known = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
            throw CommandFailure(
                "\(path) has \(names.count) tensors; choose one by \(path)#NAME, of: \(known)")
        }
        try Self.check(file.shape(of: name), path)
        (shape, values) = try file.tensor(named: name)
    }

    /// Refuses what would take gigabytes once in double precision.
    static func check(_ shape: [Int], _ place: String) throws {
        let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard count <= largestCount else {
            throw CommandFailure(
                "\(place) has \(count) numbers, more than can be measured; give samples of at most "
                    + "\(largestCount) numbers in all")
        }
    }

    /// A path without the name of an array, and that name. A file that has the whole name wins.
    static func parts(of place: String) -> (path: String, name: String?) {
        guard !FileManager.default.fileExists(atPath: place),
            let mark = place.lastIndex(of: "#")
        else { return (place, nil) }
        return (String(place[..<mark]), String(place[place.index(after: mark)...]))
    }

    /// Whether a place is to be read as an array.
    static func isArray(_ place: String) -> Bool {
        endings.contains((parts(of: place).path as NSString).pathExtension.lowercased())
    }

    /// The numbers as one list, for weights and histograms.
    ///
    /// - Throws: ``CommandFailure`` unless all axes but one have the extent 1.
    static func list(at place: String) throws -> [Double] {
        let array = try SampleArray(at: place)
        guard array.shape.filter({ $0 != 1 }).count <= 1 else {
            throw CommandFailure(
                "\(place) has the shape \(array.shape), not one list of numbers; give one column "
                    + "or one row")
        }
        return array.values.map(Double.init)
    }
}
