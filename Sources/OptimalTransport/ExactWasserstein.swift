/// The exact Wasserstein-1 distance between two samples of equal size.
///
/// `W₁ = min over one-to-one assignments of the mean of |x − y|`, the earth mover's distance of the
/// two empirical distributions: with equal weights some optimal plan is an assignment (Birkhoff).
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
public func exactWasserstein1<Scalar: BinaryFloatingPoint>(
    _ first: [Scalar], _ second: [Scalar], dimensions: Int
) throws -> Double {
    try requireEqualCounts(first.count, second.count, dimensions: dimensions)
    return try meanCost(.euclidean(first, second, dimensions: dimensions))
}

/// The exact Wasserstein-2 distance between two samples of equal size.
///
/// `W₂ = sqrt(min over one-to-one assignments of the mean of |x − y|²)`. Parameters and errors are
/// those of ``exactWasserstein1(_:_:dimensions:)``.
///
/// - Returns: The distance, in the unit of the coordinates.
public func exactWasserstein2<Scalar: BinaryFloatingPoint>(
    _ first: [Scalar], _ second: [Scalar], dimensions: Int
) throws -> Double {
    try requireEqualCounts(first.count, second.count, dimensions: dimensions)
    return try meanCost(.squaredEuclidean(first, second, dimensions: dimensions)).squareRoot()
}

private func meanCost(_ cost: CostMatrix) throws -> Double {
    try Assignment.solve(cost).totalCost / Double(cost.rows)
}

/// Checked before the matrix is made; points that are not whole are left to its own checks.
private func requireEqualCounts(_ first: Int, _ second: Int, dimensions: Int) throws {
    guard dimensions > 0, first > 0, second > 0, first.isMultiple(of: dimensions),
        second.isMultiple(of: dimensions), first != second
    else { return }
    throw TransportError.unequalCounts(first: first / dimensions, second: second / dimensions)
}
