/// The Fréchet distance between two sets of features, as if both were normal distributions: FID.
///
/// `|m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½)`, with covariances of divisor N − 1. The estimate
/// is too large by about c / N: compare only equal counts, well above the number of features.
///
/// Sets with fewer rows than features need no covariances: with centred rows `A` and `B`, of which
/// `S₁ = AᵀA / (n − 1)` and `S₂ = BᵀB / (m − 1)`, the trace of the root is the sum of the singular
/// values of `A Bᵀ`, over `√((n − 1)(m − 1))`.
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
    /// How many samples the first set has; nil where only its distribution is known.
    public let firstCount: Int?
    /// How many samples the second set has; nil where only its distribution is known.
    public let secondCount: Int?
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
    /// - Parameters:
    ///   - first: Features of one set.
    ///   - second: Features of the other.
    ///   - memory: What it may take.
    /// - Throws: ``SampleError`` when dimensions differ, rows are too few, or memory is too little.
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, memory: WorkingMemory = .available
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        for set in [first, second] where set.count < 2 {
            throw SampleError.tooFewRows(found: set.count, needed: 2)
        }
        try Self.require(first.count, second.count, first.dimensions, of: memory)
        // Equal sets are at distance zero to the last bit.
        guard first != second else {
            let spread = ScaledDeviations(first).spread
            self.init(spread, spread, rootTrace: spread.trace)
            return
        }
        guard min(first.count, second.count) <= first.dimensions else {
            try self.init(
                GaussianStatistics(first, memory: memory),
                GaussianStatistics(second, memory: memory))
            return
        }
        let (x, y) = (ScaledDeviations(first), ScaledDeviations(second))
        self.init(x.spread, y.spread, rootTrace: x.rootTrace(with: y))
    }

    /// The distance between two sets by their statistics.
    ///
    /// - Throws: ``SampleError`` when dimensions differ or fewer than two rows were gathered.
    /// - Complexity: O(dimensions³).
    public init(_ first: GaussianStatistics, _ second: GaussianStatistics) throws {
        let (x, y) = (try first.distribution(), try second.distribution())
        try self.init(x, y, counts: (first.count, second.count))
    }

    /// The distance between two distributions, such as those of a file of statistics.
    ///
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)``.
    /// - Complexity: O(dimensions³).
    public init(_ first: Gaussian, _ second: Gaussian) throws {
        try self.init(first, second, counts: (nil, nil))
    }

    private init(_ first: Gaussian, _ second: Gaussian, counts: (Int?, Int?)) throws {
        guard first.mean.count == second.mean.count else {
            throw SampleError.dimensionsDiffer(
                first: first.mean.count, second: second.mean.count)
        }
        let (s1, s2) = (first.matrix, second.matrix)
        let isSame = first == second
        self.init(
            Spread(count: counts.0, mean: first.mean, trace: s1.trace),
            Spread(count: counts.1, mean: second.mean, trace: s2.trace),
            rootTrace: isSame ? s1.trace : s1.traceOfRootOfProduct(with: s2))
    }

    /// The distance between two sets of known spread.
    ///
    /// - Parameter rootTrace: `tr((S₁^½ S₂ S₁^½)^½)`.
    init(_ first: Spread, _ second: Spread, rootTrace: Double) {
        (firstTrace, secondTrace) = (first.trace, second.trace)
        meanTerm = zip(first.mean, second.mean).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        covarianceTerm = firstTrace + secondTrace - 2 * rootTrace
        // In this order not-a-number stays what it is.
        value = max(meanTerm + covarianceTerm, 0)
        (firstCount, secondCount) = (first.count, second.count)
        dimensions = first.mean.count
    }

    /// The simplest facts about a set.
    struct Spread {
        /// How many samples it has; nil where that is not known.
        let count: Int?
        let mean: [Double]
        /// The trace of its covariance.
        let trace: Double
    }
}

extension FrechetDistance {
    /// The bytes that the distance between two sets takes beside the sets.
    static func bytes(_ first: Int, _ second: Int, dimensions: Int) -> Int {
        let fewest = min(first, second)
        guard fewest <= dimensions else { return GaussianStatistics.bytes(dimensions: dimensions) }
        return NuclearNorm.bytes(rows: fewest) + 8 * (first + second) * dimensions
    }

    private static func require(
        _ first: Int, _ second: Int, _ dimensions: Int, of memory: WorkingMemory
    ) throws {
        try memory.require(
            bytes(first, second, dimensions: dimensions),
            for:
                "the Fréchet distance of \(first) and \(second) samples of \(dimensions) features",
            remedy: {
                let most = memory.largest(min(first, second, dimensions)) {
                    bytes($0, $0, dimensions: dimensions)
                }
                return most < 2
                    ? "give samples with fewer features, for instance smaller images"
                    : "give at most \(most) samples on each side"
            }())
    }
}

/// Rows less their mean, over the largest of their numbers, so that nothing can overflow.
private struct ScaledDeviations {
    let spread: FrechetDistance.Spread
    private let count: Int
    private let rows: [Double]
    private let scale: Double

    init(_ features: FeatureMatrix) {
        let mean = features.mean
        let size = features.dimensions
        var rows = features.doubles
        var largest = 0.0
        for index in rows.indices {
            rows[index] -= mean[index % size]
            largest = max(largest, abs(rows[index]))
        }
        var squares = 0.0
        if largest > 0 {
            for index in rows.indices {
                rows[index] /= largest
                squares += rows[index] * rows[index]
            }
        }
        (count, self.rows, scale) = (features.count, rows, largest)
        let trace = squares / Double(features.count - 1) * largest * largest
        spread = FrechetDistance.Spread(count: features.count, mean: mean, trace: trace)
    }

    /// `tr((S₁^½ S₂ S₁^½)^½)`, by blocks of rows of the larger set.
    func rootTrace(with other: ScaledDeviations) -> Double {
        guard count <= other.count else { return other.rootTrace(with: self) }
        guard scale > 0, other.scale > 0 else { return 0 }
        let size = spread.mean.count
        var norm = NuclearNorm(rows: count)
        for start in stride(from: 0, to: other.count, by: 512) {
            let end = min(start + 512, other.count)
            let block = Array(other.rows[start * size..<end * size])
            norm.add(DotProducts.all(rows, block, depth: size), columns: end - start)
        }
        let divisor =
            Double(count - 1).squareRoot()
            * Double(other.count - 1).squareRoot()
        return norm.value() / divisor * scale * other.scale
    }
}
