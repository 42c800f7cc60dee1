import Foundation

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
///   than ``CostMatrix/maximumPoints``.
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
