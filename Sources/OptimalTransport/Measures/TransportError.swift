/// Why a transport problem cannot be solved as it was given.
public enum TransportError: Error, Equatable {
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
    /// Points of different spaces.
    case unequalDimensions(first: Int, second: Int)
    /// Values that do not make whole points.
    case unevenPoints(Side?, values: Int, dimensions: Int)
    /// Sides with different numbers of points.
    case unequalCounts(first: Int, second: Int)
    /// More pairs than ``CostMatrix/maximumPairs``.
    case tooManyPairs(rows: Int, columns: Int)
    /// A coordinate that is NaN, infinite or beyond ``DiscreteMeasure/largestCoordinate``.
    case pointNotFinite(Side?, point: Int, axis: Int)
    /// A number of weights other than that of the points.
    case weightCount(Side?, found: Int, points: Int)
    /// A weight that is NaN, infinite or negative.
    case weightOutOfRange(Side?, point: Int)
    /// A side on which every weight is zero.
    case noWeight(Side?)
    /// Sides of different total weight.
    case unbalanced(first: Double, second: Double)
    /// A total mass outside 10⁻¹⁰⁰ to 10¹⁰⁰, where totals count.
    case massOutOfRange(Side, Double)
    /// A mass to move that is not positive, or more than the smaller side has.
    case partialMass(Double, most: Double)
    /// An order p below one, or infinite where it has to be finite.
    case order(Double)
    /// A number of costs other than rows times columns.
    case costCount(found: Int, rows: Int, columns: Int)
    /// A cost that is NaN, infinite or beyond ``CostMatrix/largestMagnitude``.
    case costOutOfRange(row: Int, column: Int)
    /// A matrix with more rows than columns, where each row needs a column of its own.
    case tooManyRows(rows: Int, columns: Int)
}

extension TransportError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .empty, .dimensions, .unequalDimensions, .unevenPoints, .unequalCounts,
            .tooManyPairs, .pointNotFinite:
            aboutPoints
        case .weightCount, .weightOutOfRange, .noWeight, .unbalanced, .massOutOfRange, .partialMass:
            aboutWeights
        default: aboutCosts
        }
    }

    private var aboutPoints: String {
        switch self {
        case .dimensions(let dimensions):
            "Points cannot have \(dimensions) dimensions; give 1 or more."
        case .unequalDimensions(let first, let second):
            "The first side has points of \(first) dimensions and the second of \(second); "
                + "give both the same."
        case .unevenPoints(let side, let values, let dimensions):
            "The \(values) values\(Self.of(side)) do not make whole points of "
                + "\(dimensions) dimensions; give \(dimensions) values for each point."
        case .unequalCounts(let first, let second):
            "The first side has \(first) points and the second \(second); "
                + "draw the same number from both."
        case .tooManyPairs(let rows, let columns):
            "\(rows) points on one side and \(columns) on the other are too many for a matrix of "
                + "all pairs; draw so few that their product is at most "
                + "\(CostMatrix.maximumPairs)."
        case .pointNotFinite(let side, let point, let axis):
            "Coordinate \(axis) of point \(point)\(Self.of(side)) is not finite or beyond "
                + "±\(DiscreteMeasure.largestCoordinate); "
                + "remove the point or find out what made it so."
        default: "There is nothing to transport; give at least one point on each side."
        }
    }

    private var aboutWeights: String {
        switch self {
        case .weightCount(let side, let found, let points):
            "\(found) weights\(Self.of(side)) do not fit \(points) points; "
                + "give one weight for each point."
        case .weightOutOfRange(let side, let point):
            "The weight of point \(point)\(Self.of(side)) is negative or not finite; "
                + "give zero or more."
        case .unbalanced(let first, let second):
            "The first side has the total weight \(first) and the second \(second); "
                + "rescale one of them to the total of the other."
        case .massOutOfRange(let side, let mass):
            "The total weight of the \(side.rawValue) side is \(mass); give weights in another "
                + "unit."
        case .partialMass(let mass, let most):
            "The mass \(mass) cannot be moved; give more than 0 and at most \(most), the total "
                + "weight of the lighter side."
        case .noWeight(let side):
            "All weights\(Self.of(side)) are zero; give at least one point a positive weight."
        default: ""
        }
    }

    private var aboutCosts: String {
        switch self {
        case .order(let order):
            "There is no distance of the order \(order) here; "
                + "give a finite number of at least 1, or on the line also infinity."
        case .costCount(let found, let rows, let columns):
            "\(found) costs do not fill a matrix of \(rows)×\(columns); "
                + "give one cost for each pair."
        case .costOutOfRange(let row, let column):
            "The cost of row \(row) and column \(column) is not finite or beyond "
                + "±\(CostMatrix.largestMagnitude); rescale the costs."
        case .tooManyRows(let rows, let columns):
            "\(rows) rows cannot each have one of \(columns) columns; "
                + "give the longer side as columns."
        default: ""
        }
    }

    private static func of(_ side: Side?) -> String {
        side.map { " of the \($0.rawValue) side" } ?? ""
    }
}
