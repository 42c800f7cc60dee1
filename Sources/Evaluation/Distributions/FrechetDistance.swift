/// The Fréchet distance between two sets of features, as if both were normal distributions: FID.
///
/// `|m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½)`, with covariances of divisor N − 1. The estimate
/// is too large by about c / N: compare only equal counts, well above the number of features.
///
/// Source: Heusel et al. 2017, arXiv:1706.08500; Dowson and Landau 1982.
public struct FrechetDistance: Sendable, Equatable {
    /// The distance, in squared feature units; never negative.
    public let value: Double
    /// `|m₁ − m₂|²`.
    public let meanTerm: Double
    /// What the covariances add; rounding can make it a little negative.
    public let covarianceTerm: Double
    /// The trace of the first covariance.
    public let firstTrace: Double
    /// The trace of the second covariance.
    public let secondTrace: Double
    /// How many samples the first set has.
    public let firstCount: Int
    /// How many samples the second set has.
    public let secondCount: Int
    /// How many features a sample has.
    public let dimensions: Int

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "fid", title: "Fréchet distance (FID)", input: .features, better: .lower,
        range: 0...Double.infinity,
        summary: "distance between the normal distributions fitted to two sets of features",
        source: "Heusel et al. 2017")

    /// The distance between two sets of at least two rows each.
    ///
    /// - Throws: ``SampleError`` when dimensions differ, are too many, or rows too few.
    public init(_ first: FeatureMatrix, _ second: FeatureMatrix) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        try self.init(GaussianStatistics(first), GaussianStatistics(second))
    }

    /// The distance between two sets by their statistics.
    ///
    /// - Throws: ``SampleError`` when dimensions differ or fewer than two rows were gathered.
    /// - Complexity: O(dimensions³).
    public init(_ first: GaussianStatistics, _ second: GaussianStatistics) throws {
        guard first.dimensions == second.dimensions else {
            throw SampleError.dimensionsDiffer(
                first: first.dimensions, second: second.dimensions)
        }
        let (s1, s2) = (try first.covarianceMatrix(), try second.covarianceMatrix())
        firstTrace = s1.trace
        secondTrace = s2.trace
        meanTerm = zip(first.mean, second.mean).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        covarianceTerm = firstTrace + secondTrace - 2 * s1.traceOfRootOfProduct(with: s2)
        value = max(0, meanTerm + covarianceTerm)
        firstCount = first.count
        secondCount = second.count
        dimensions = first.dimensions
    }
}
