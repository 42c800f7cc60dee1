/// A probability measure on finitely many points: a sample, or points with weights.
public struct DiscreteMeasure: Sendable, Equatable {
    /// Coordinates must lie in ± this, so that no distance overflows.
    public static let largestCoordinate = 1e250

    /// How many points, at least one.
    public let count: Int
    /// How many coordinates a point has, at least one.
    public let dimensions: Int
    /// The coordinates, row-major `[count, dimensions]`.
    public let points: [Double]
    /// The share of each point, `[count]`; they are not negative and their sum is one.
    public let weights: [Double]

    /// The empirical measure of a sample: every point has the same weight.
    ///
    /// - Parameters:
    ///   - points: Coordinates, row-major `[count, dimensions]`.
    ///   - dimensions: 1 or more.
    /// - Throws: ``TransportError`` for no points, uneven ones, or a coordinate out of range.
    @inlinable
    public init<Scalar: BinaryFloatingPoint>(_ points: [Scalar], dimensions: Int) throws {
        try self.init(coordinates: points.map { Double($0) }, dimensions, weights: nil, side: nil)
    }

    /// Points with weights.
    ///
    /// - Parameters:
    ///   - points: Coordinates, row-major `[count, dimensions]`.
    ///   - dimensions: 1 or more.
    ///   - weights: `[count]`, finite and not negative, in any unit: they are divided by their sum.
    ///     A point of weight zero takes no part.
    /// - Throws: ``TransportError`` for unusable points or weights.
    @inlinable
    public init<Scalar: BinaryFloatingPoint>(
        _ points: [Scalar], dimensions: Int, weights: [Double]
    ) throws {
        try self.init(
            coordinates: points.map { Double($0) }, dimensions, weights: weights, side: nil)
    }

    /// - Parameter side: The side that errors name, where the caller knows it.
    @usableFromInline
    init(
        coordinates: [Double], _ dimensions: Int, weights: [Double]?, side: TransportError.Side?
    ) throws {
        guard dimensions > 0 else { throw TransportError.dimensions(dimensions) }
        guard !coordinates.isEmpty else { throw TransportError.empty }
        guard coordinates.count.isMultiple(of: dimensions) else {
            throw TransportError.unevenPoints(
                side, values: coordinates.count, dimensions: dimensions)
        }
        if let index = coordinates.firstIndex(where: { !(abs($0) <= Self.largestCoordinate) }) {
            throw TransportError.pointNotFinite(
                side, point: index / dimensions, axis: index % dimensions)
        }
        count = coordinates.count / dimensions
        self.dimensions = dimensions
        points = coordinates
        self.weights =
            if let weights {
                try Self.shares(weights, count: count, side: side)
            } else {
                Array(repeating: 1 / Double(count), count: count)
            }
    }

    /// The weights divided by their sum.
    static func shares(
        _ weights: [Double], count: Int, side: TransportError.Side?
    ) throws -> [Double] {
        guard weights.count == count else {
            throw TransportError.weightCount(side, found: weights.count, points: count)
        }
        if let index = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw TransportError.weightOutOfRange(side, point: index)
        }
        // Divided by the largest first, so that the sum can neither overflow nor vanish.
        let largest = weights.max() ?? 0
        guard largest > 0 else { throw TransportError.noWeight(side) }
        let relative = weights.map { $0 / largest }
        let total = relative.reduce(0, +)
        return relative.map { $0 / total }
    }
}

extension DiscreteMeasure {
    /// The largest power of two not above the largest coordinate's magnitude; 1 at the origin.
    var unit: Double {
        let largest = points.reduce(0) { max($0, abs($1)) }
        return largest > 0 ? largest.binade : 1
    }

    /// The same measure in another unit of length, a power of two, which rounds nothing.
    func measured(in unit: Double) -> DiscreteMeasure {
        unit == 1 ? self : DiscreteMeasure(self, points: points.map { $0 / unit })
    }

    private init(_ other: DiscreteMeasure, points: [Double]) {
        count = other.count
        dimensions = other.dimensions
        weights = other.weights
        self.points = points
    }
}

/// - Throws: ``TransportError/unequalDimensions(first:second:)``.
func requireSameSpace(_ first: DiscreteMeasure, _ second: DiscreteMeasure) throws {
    guard first.dimensions == second.dimensions else {
        throw TransportError.unequalDimensions(
            first: first.dimensions, second: second.dimensions)
    }
}
