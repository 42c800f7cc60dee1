/// Why a transport problem cannot be solved as it was given.
public enum TransportError: Error, Equatable, CustomStringConvertible {
    /// The two sides of a problem, in the order of the arguments.
    public enum Side: String, Sendable {
        /// The first argument.
        case first
        /// The second argument.
        case second
    }

    /// A side without points, or a matrix without entries.
    case empty
    /// A number of dimensions below one.
    case dimensions(Int)
    /// Values that do not make whole points.
    case unevenPoints(Side, values: Int, dimensions: Int)
    /// Sides with different numbers of points.
    case unequalCounts(first: Int, second: Int)
    /// More points than the matrix of all pairs leaves memory for.
    case tooManyPoints(Int)
    /// A coordinate that is NaN or infinite.
    case pointNotFinite(Side, point: Int, axis: Int)
    /// A number of costs other than rows times columns.
    case costCount(found: Int, rows: Int, columns: Int)
    /// A cost that is NaN, infinite or beyond ``CostMatrix/largestMagnitude``.
    case costOutOfRange(row: Int, column: Int)
    /// A matrix with more rows than columns or the reverse, where the same number is needed.
    case notSquare(rows: Int, columns: Int)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .empty:
            "There is nothing to transport; give at least one point on each side."
        case .dimensions(let dimensions):
            "Points cannot have \(dimensions) dimensions; give 1 or more."
        case .unevenPoints(let side, let values, let dimensions):
            "The \(values) values of the \(side.rawValue) side do not make whole points of "
                + "\(dimensions) dimensions; give \(dimensions) values for each point."
        case .unequalCounts(let first, let second):
            "The first side has \(first) points and the second \(second); "
                + "draw the same number from both."
        case .tooManyPoints(let count):
            "\(count) points a side are too many for an exact solution; "
                + "draw at most \(CostMatrix.maximumPoints)."
        case .pointNotFinite(let side, let point, let axis):
            "Coordinate \(axis) of point \(point) on the \(side.rawValue) side is not finite; "
                + "remove the point or find out what made it so."
        case .costCount(let found, let rows, let columns):
            "\(found) costs do not fill a matrix of \(rows)×\(columns); "
                + "give one cost for each pair."
        case .costOutOfRange(let row, let column):
            "The cost of row \(row) and column \(column) is not finite or beyond "
                + "±\(CostMatrix.largestMagnitude); rescale the costs."
        case .notSquare(let rows, let columns):
            "A matrix of \(rows)×\(columns) has no one-to-one assignment; "
                + "give as many rows as columns."
        }
    }
}
