/// What it costs to move a unit of mass from each source (row) to each target (column).
public struct CostMatrix: Sendable, Equatable {
    /// Costs must lie in ± this, so that no sum of them overflows.
    public static let largestMagnitude = 1e250
    /// The most points a side may have: a matrix of all pairs then takes 3.2 GB.
    public static let maximumPoints = 20_000

    /// How many sources, at least one.
    public let rows: Int
    /// How many targets, at least one.
    public let columns: Int
    /// The costs, row-major `[rows, columns]`.
    public let values: [Double]

    /// A matrix of given costs, row-major `[rows, columns]`; negative costs are allowed.
    ///
    /// - Throws: ``TransportError`` when the matrix is empty, when the number of values is not
    ///   rows · columns, or when a value is out of range.
    public init(rows: Int, columns: Int, values: [Double]) throws {
        guard rows > 0, columns > 0 else { throw TransportError.empty }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, values.count == count else {
            throw TransportError.costCount(found: values.count, rows: rows, columns: columns)
        }
        if let index = values.firstIndex(where: { !(abs($0) <= Self.largestMagnitude) }) {
            throw TransportError.costOutOfRange(row: index / columns, column: index % columns)
        }
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The cost of one pair.
    public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

    /// The Euclidean distances between two point clouds.
    ///
    /// - Parameters:
    ///   - first: The sources, row-major `[rows, dimensions]`.
    ///   - second: The targets, row-major `[columns, dimensions]`.
    ///   - dimensions: 1 or more.
    /// - Throws: ``TransportError``.
    public static func euclidean<Scalar: BinaryFloatingPoint>(
        _ first: [Scalar], _ second: [Scalar], dimensions: Int
    ) throws -> CostMatrix {
        let squared = try squaredDistances(first, second, dimensions: dimensions)
        return try CostMatrix(
            rows: first.count / dimensions, columns: second.count / dimensions,
            values: squared.map { $0.squareRoot() })
    }

    /// The squares of the Euclidean distances between two point clouds; as ``euclidean(_:_:dimensions:)``.
    public static func squaredEuclidean<Scalar: BinaryFloatingPoint>(
        _ first: [Scalar], _ second: [Scalar], dimensions: Int
    ) throws -> CostMatrix {
        let squared = try squaredDistances(first, second, dimensions: dimensions)
        return try CostMatrix(
            rows: first.count / dimensions, columns: second.count / dimensions, values: squared)
    }
}

extension CostMatrix {
    private static func squaredDistances<Scalar: BinaryFloatingPoint>(
        _ first: [Scalar], _ second: [Scalar], dimensions: Int
    ) throws -> [Double] {
        guard dimensions > 0 else { throw TransportError.dimensions(dimensions) }
        let sources = try coordinates(first, .first, dimensions: dimensions)
        let targets = try coordinates(second, .second, dimensions: dimensions)
        return squaredDistances(sources, targets, dimensions: dimensions)
    }

    /// The points in double precision, axis by axis: `[dimensions, count]`.
    private static func coordinates<Scalar: BinaryFloatingPoint>(
        _ points: [Scalar], _ side: TransportError.Side, dimensions: Int
    ) throws -> [Double] {
        guard !points.isEmpty else { throw TransportError.empty }
        guard points.count.isMultiple(of: dimensions) else {
            throw TransportError.unevenPoints(side, values: points.count, dimensions: dimensions)
        }
        if let index = points.firstIndex(where: { !$0.isFinite }) {
            throw TransportError.pointNotFinite(
                side, point: index / dimensions, axis: index % dimensions)
        }
        let count = points.count / dimensions
        guard count <= maximumPoints else { throw TransportError.tooManyPoints(count) }
        return (0..<dimensions).flatMap { axis in
            (0..<count).map { Double(points[$0 * dimensions + axis]) }
        }
    }

    private static func squaredDistances(
        _ sources: [Double], _ targets: [Double], dimensions: Int
    ) -> [Double] {
        let rows = sources.count / dimensions
        let columns = targets.count / dimensions
        var result = [Double](repeating: 0, count: rows * columns)
        result.withUnsafeMutableBufferPointer { result in
            targets.withUnsafeBufferPointer { targets in
                for row in 0..<rows {
                    for axis in 0..<dimensions {
                        let coordinate = sources[axis * rows + row]
                        for column in 0..<columns {
                            let difference = coordinate - targets[axis * columns + column]
                            result[row * columns + column] += difference * difference
                        }
                    }
                }
            }
        }
        return result
    }
}
