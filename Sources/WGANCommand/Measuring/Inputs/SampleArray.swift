import ArrayFiles
import Foundation

/// Points of an array: its first axis counts them, all others together are their coordinates.
struct SampleArray {
    /// N, and the extents of one sample in the file.
    private(set) var shape: [Int]
    /// The coordinates in double precision, `[N, …]`.
    private(set) var values: [Double]

    /// Reads an array as points; a list is points of one coordinate.
    init(_ file: ArrayFile) throws {
        shape = file.shape.isEmpty ? [1] : file.shape
        if shape.count == 1 { shape.append(1) }
        values = try file.doubles()
    }

    /// How many coordinates a point has.
    var dimensions: Int { shape.dropFirst().reduce(1, *) }

    /// The first points alone.
    func prefix(_ count: Int) -> SampleArray {
        var copy = self
        copy.shape[0] = min(count, shape[0])
        copy.values = Array(values.prefix(copy.shape[0] * dimensions))
        return copy
    }

    /// The numbers of a file as one list, for weights and histograms.
    ///
    /// - Throws: ``CommandFailure`` unless all axes but one have the extent 1.
    static func list(at place: String) throws -> [Double] {
        let file = try ArrayFile(at: place)
        guard file.shape.filter({ $0 != 1 }).count <= 1 else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), not one list of numbers; give one column "
                    + "or one row")
        }
        return try file.doubles()
    }
}
