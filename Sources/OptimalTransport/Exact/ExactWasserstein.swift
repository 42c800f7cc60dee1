import Foundation

/// The exact Wasserstein-1 distance between two samples of equal size.
///
/// `W₁ = min over one-to-one assignments of the mean of |x − y|`, the earth mover's distance of the
/// two empirical distributions: with equal weights some optimal plan is an assignment (Birkhoff).
/// For weights, other sizes, orders or norms see ``wasserstein(_:_:p:norm:)``.
///
/// - Parameters:
///   - first: Points, row-major `[n, dimensions]`.
///   - second: As many points, row-major `[n, dimensions]`.
///   - dimensions: 1 or more.
/// - Returns: The distance, in the unit of the coordinates.
/// - Throws: ``TransportError`` for empty, unequal, misshapen or non-finite points.
/// - Complexity: O(n³) at worst and 8·n² bytes; far less than cubic on point clouds.
///
/// Source: Villani 2003, "Topics in Optimal Transportation", introduction.
@inlinable
public func exactWasserstein1<Scalar: BinaryFloatingPoint>(
    _ first: [Scalar], _ second: [Scalar], dimensions: Int
) throws -> Double {
    try sampleDistance(
        first.map { Double($0) }, second.map { Double($0) }, dimensions: dimensions, p: 1)
}

/// The exact Wasserstein-2 distance between two samples of equal size.
///
/// `W₂ = sqrt(min over one-to-one assignments of the mean of |x − y|²)`. Parameters and errors are
/// those of ``exactWasserstein1(_:_:dimensions:)``.
///
/// - Returns: The distance, in the unit of the coordinates.
@inlinable
public func exactWasserstein2<Scalar: BinaryFloatingPoint>(
    _ first: [Scalar], _ second: [Scalar], dimensions: Int
) throws -> Double {
    try sampleDistance(
        first.map { Double($0) }, second.map { Double($0) }, dimensions: dimensions, p: 2)
}

@usableFromInline
func sampleDistance(
    _ first: [Double], _ second: [Double], dimensions: Int, p: Double
) throws -> Double {
    let first = try DiscreteMeasure(
        coordinates: first, dimensions, weights: nil, side: .first)
    let second = try DiscreteMeasure(
        coordinates: second, dimensions, weights: nil, side: .second)
    guard first.count == second.count else {
        throw TransportError.unequalCounts(first: first.count, second: second.count)
    }
    return try wasserstein(first, second, p: p)
}

/// The exact Wasserstein distance of order p between two discrete measures.
///
/// `W_p = (min over plans P of Σ P_ij |x_i − y_j|^p)^(1/p)`, where P has the weights of the
/// measures as its sums. On the line the plan is known; elsewhere the network simplex method finds
/// it.
///
/// - Parameters:
///   - first: The measure to move, in the space of the other.
///   - second: Where to.
///   - p: The order, 1 or more; on the line also infinity, the longest way of any mass.
///   - norm: How the length of a way is measured.
/// - Returns: The distance, in the unit of the coordinates.
/// - Throws: ``TransportError`` for different spaces, an unusable order, or off the line for more
///   than ``CostMatrix/maximumPairs``.
/// - Complexity: O(n log n) on the line; else 8·n·m bytes, and far less than cubic time on point
///   clouds.
///
/// Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1.
public func wasserstein(
    _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 1, norm: GroundNorm = .l2
) throws -> Double {
    try requireSameSpace(first, second)
    guard p >= 1 else { throw TransportError.order(p) }
    // Coordinates near 1 have powers that neither over- nor underflow.
    let unit = max(first.unit, second.unit)
    let (from, to) = (first.measured(in: unit), second.measured(in: unit))
    if first.dimensions == 1 {
        return unit * LineMatching(from, to, along: [1]).distance(p: p)
    }
    let cost = try CostMatrix.distances(from, to, norm: norm, p: p)
    let plan = try TransportPlan.solve(cost, sources: from.weights, targets: to.weights)
    return unit * (p == 1 ? plan.cost : pow(plan.cost, 1 / p))
}
