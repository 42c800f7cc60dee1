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
