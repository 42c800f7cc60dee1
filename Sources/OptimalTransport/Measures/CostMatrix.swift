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
    /// - Throws: ``TransportError`` when the matrix is empty or has a side beyond
    ///   ``maximumPoints``, when the number of values is not rows · columns, or when a value is out
    ///   of range.
    public init(rows: Int, columns: Int, values: [Double]) throws {
        guard rows > 0, columns > 0 else { throw TransportError.empty }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, values.count == count else {
            throw TransportError.costCount(found: values.count, rows: rows, columns: columns)
        }
        guard max(rows, columns) <= Self.maximumPoints else {
            throw TransportError.tooManyPoints(max(rows, columns))
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
}
