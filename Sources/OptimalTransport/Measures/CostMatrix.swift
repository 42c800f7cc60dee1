import Foundation

/// What it costs to move a unit of mass from each source (row) to each target (column).
public struct CostMatrix: Sendable, Equatable {
    /// Costs must lie in ± this, so that no sum of them overflows.
    public static let largestMagnitude = 1e250
    /// The most pairs of a source and a target: the matrix then takes 3.2 GB.
    ///
    /// Either side may have any number of points: 20 000 each, or 40 and 10 000 000.
    public static let maximumPairs = 400_000_000

    /// How many sources, at least one.
    public let rows: Int
    /// How many targets, at least one.
    public let columns: Int
    /// The costs, row-major `[rows, columns]`.
    public let values: [Double]

    /// A matrix of given costs, row-major `[rows, columns]`; negative costs are allowed.
    ///
    /// - Throws: ``TransportError`` when the matrix is empty or has more than
    ///   ``maximumPairs``, when the number of values is not rows · columns, or when a value is out
    ///   of range.
    public init(rows: Int, columns: Int, values: [Double]) throws {
        guard rows > 0, columns > 0 else { throw TransportError.empty }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, values.count == count else {
            throw TransportError.costCount(found: values.count, rows: rows, columns: columns)
        }
        _ = try Self.pairs(rows: rows, columns: columns)
        if let index = values.firstIndex(where: { !(abs($0) <= Self.largestMagnitude) }) {
            throw TransportError.costOutOfRange(row: index / columns, column: index % columns)
        }
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The same costs in another order, which need no check.
    init(transposing other: CostMatrix, _ values: [Double]) {
        (rows, columns) = (other.columns, other.rows)
        self.values = values
    }

    /// How many pairs there are.
    ///
    /// - Throws: ``TransportError/tooManyPairs(rows:columns:)`` beyond ``maximumPairs``.
    static func pairs(rows: Int, columns: Int) throws -> Int {
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, count <= maximumPairs else {
            throw TransportError.tooManyPairs(rows: rows, columns: columns)
        }
        return count
    }

    /// The cost of one pair.
    public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }
}

extension CostMatrix {
    /// The p-th powers of the distances between the points of two measures.
    ///
    /// Squares of Euclidean distances have p = 2 and the norm `l2`. Taken to a further power q, as
    /// a cost that is no distance, they have p = 2 q.
    ///
    /// - Parameters:
    ///   - first: The sources.
    ///   - second: The targets.
    ///   - norm: How distances are measured.
    ///   - p: The power, 1 or more and finite.
    /// - Throws: ``TransportError`` for different spaces, too many points, an unusable order, or
    ///   powers out of range.
    /// - Complexity: O(rows · columns · dimensions), and no memory but the result.
    public static func distances(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, norm: GroundNorm = .l2, p: Double = 1
    ) throws -> CostMatrix {
        try requireSameSpace(first, second)
        guard p >= 1, p.isFinite else { throw TransportError.order(p) }
        var values = [Double](
            repeating: 0, count: try pairs(rows: first.count, columns: second.count))
        let axes = second.pointsByAxis
        for row in 0..<first.count {
            let point = first.points[row * first.dimensions..<(row + 1) * first.dimensions]
            values.withUnsafeMutableBufferPointer { values in
                let row = UnsafeMutableBufferPointer(
                    rebasing: values[row * second.count..<(row + 1) * second.count])
                switch norm {
                case .l1:
                    accumulate(point, axes, into: row) { abs($0) }
                    raise(row, to: p)
                case .l2:
                    accumulate(point, axes, into: row) { $0 * $0 }
                    raise(row, to: p / 2)
                }
            }
        }
        return try CostMatrix(rows: first.count, columns: second.count, values: values)
    }

    /// Adds a function of the difference on each axis between one point and all others.
    @inline(__always)
    private static func accumulate(
        _ point: ArraySlice<Double>, _ axes: [Double], into row: UnsafeMutableBufferPointer<Double>,
        _ length: (Double) -> Double
    ) {
        axes.withUnsafeBufferPointer { axes in
            var start = 0
            for coordinate in point {
                for column in 0..<row.count {
                    row[column] += length(coordinate - axes[start + column])
                }
                start += row.count
            }
        }
    }

    private static func raise(_ row: UnsafeMutableBufferPointer<Double>, to power: Double) {
        switch power {
        case 1: break
        case 0.5: for column in row.indices { row[column] = row[column].squareRoot() }
        default: for column in row.indices { row[column] = pow(row[column], power) }
        }
    }
}

extension DiscreteMeasure {
    /// The coordinates axis by axis, `[dimensions, count]`.
    fileprivate var pointsByAxis: [Double] {
        (0..<dimensions).flatMap { axis in
            (0..<count).map { points[$0 * dimensions + axis] }
        }
    }
}

/// How the length of a step between two points is measured.
public enum GroundNorm: String, Sendable, CaseIterable {
    /// The sum of the magnitudes of the coordinates.
    case l1
    /// The Euclidean length.
    case l2
}
