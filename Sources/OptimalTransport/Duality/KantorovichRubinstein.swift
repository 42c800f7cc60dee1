/// How well scores of a critic estimate the Wasserstein-1 distance of the points they belong to.
///
/// `W₁ = sup over f with Lipschitz constant 1 of E_real f − E_generated f`, so that the difference
/// of the mean scores divided by the critic's Lipschitz constant is a lower bound of W₁.
///
/// Sources: Villani 2009, "Optimal Transport: Old and New", remark 6.5; Arjovsky et al. 2017,
/// eq. 2, arXiv:1701.07875.
public struct KantorovichRubinstein: Sendable, Equatable {
    /// Mean score of the real points minus mean score of the generated ones.
    public let dual: Double
    /// The exact W₁ between the two samples, in the unit of the coordinates.
    public let exact: Double
    /// The steepest slope of the scores, `max |f(u) − f(v)| / |u − v|` over all pairs of points:
    /// the Lipschitz constant that the critic shows on them.
    ///
    /// Pairs closer than 10⁻¹² of the largest coordinate are skipped.
    public let largestSlope: Double

    /// ``dual`` as a share of ``exact``; nil if the samples are the same.
    public var ratio: Double? { exact > 0 ? dual / exact : nil }

    /// ``ratio`` for the critic divided by its ``largestSlope``: at most 1, and 1 for an optimal
    /// one; nil if the samples or all scores are the same.
    public var normalisedRatio: Double? {
        exact > 0 && largestSlope > 0 ? dual / largestSlope / exact : nil
    }

    /// - Parameters:
    ///   - real: Real points.
    ///   - generated: Generated points in the same space.
    ///   - realScores: The critic's scores, one for each real point.
    ///   - generatedScores: One for each generated point.
    /// - Throws: ``ScoreError``, or ``TransportError`` as ``wasserstein(_:_:p:norm:)``.
    /// - Complexity: O((n + m)² · dimensions) beside the exact distance.
    public init(
        real: DiscreteMeasure, generated: DiscreteMeasure, realScores: [Double],
        generatedScores: [Double]
    ) throws {
        try requireSameSpace(real, generated)
        try requireScores(realScores, real.count, .first)
        try requireScores(generatedScores, generated.count, .second)
        dual = real.mean(of: realScores) - generated.mean(of: generatedScores)
        exact = try wasserstein(real, generated)
        largestSlope = steepestSlope(
            of: realScores + generatedScores, points: real.points + generated.points,
            dimensions: real.dimensions, unit: max(real.unit, generated.unit))
    }
}

extension DiscreteMeasure {
    /// The weighted mean of a value at each point.
    fileprivate func mean(of values: [Double]) -> Double {
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

private func steepestSlope(
    of scores: [Double], points: [Double], dimensions: Int, unit: Double
) -> Double {
    var steepest = 0.0
    for first in scores.indices {
        for second in 0..<first {
            var square = 0.0
            for axis in 0..<dimensions {
                let gap =
                    (points[first * dimensions + axis] - points[second * dimensions + axis]) / unit
                square += gap * gap
            }
            guard square > 1e-24 else { continue }
            let slope = abs(scores[first] - scores[second]) / square.squareRoot()
            steepest = max(steepest, slope)
        }
    }
    return steepest / unit
}

extension CostMatrix {
    /// The largest source potentials that given target potentials allow.
    ///
    /// `f_i = min_j (c_ij − g_j)`, the c-transform of g: with it `f_i + g_j ≤ c_ij` everywhere. For
    /// distances f is a function with the Lipschitz constant 1.
    ///
    /// - Parameter potentials: g, one for each column.
    /// - Returns: f, one for each row.
    /// - Throws: ``ScoreError``.
    ///
    /// Source: Villani 2009, "Optimal Transport: Old and New", definition 5.2.
    public func cTransform(_ potentials: [Double]) throws -> [Double] {
        try requireScores(potentials, columns, .second)
        return values.withUnsafeBufferPointer { values in
            (0..<rows).map { row in
                (0..<columns).reduce(.infinity) {
                    min($0, values[row * columns + $1] - potentials[$1])
                }
            }
        }
    }
}

/// Why scores or potentials do not fit their points.
public enum ScoreError: Error, Equatable {
    /// A number of scores other than that of the points they belong to.
    case count(TransportError.Side, found: Int, points: Int)
    /// A score that is NaN, infinite or beyond ±10²⁵⁰.
    case notFinite(TransportError.Side, point: Int)
}

extension ScoreError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .count(let side, let found, let points):
            "\(found) scores do not fit the \(points) points of the \(side.rawValue) side; "
                + "give one score for each point."
        case .notFinite(let side, let point):
            "The score of point \(point) of the \(side.rawValue) side is not finite or beyond "
                + "±1e250; find out what made it so."
        }
    }
}

func requireScores(_ scores: [Double], _ count: Int, _ side: TransportError.Side) throws {
    guard scores.count == count else {
        throw ScoreError.count(side, found: scores.count, points: count)
    }
    if let point = scores.firstIndex(where: { !(abs($0) <= CostMatrix.largestMagnitude) }) {
        throw ScoreError.notFinite(side, point: point)
    }
}
