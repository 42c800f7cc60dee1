import Foundation
import Philox

/// The score that the inception network made known, from the class probabilities of any classifier.
///
/// `exp(E KL(p(y|x) ‖ p(y)))`: high when each sample is of a clear class and all classes occur.
/// From 1 to the number of classes; comparable only with the same classifier and number of samples.
///
/// Source: Salimans et al. 2016, arXiv:1606.03498, section 4: the mean over equal splits.
public struct ClassifierScore: Sendable, Equatable {
    /// The mean of the scores of the splits.
    public let value: Double
    /// The standard deviation of the splits' scores, with divisor S, the number of splits.
    public let standardDeviation: Double
    /// The score of each split.
    public let perSplit: [Double]
    /// How many samples there are.
    public let count: Int
    /// How many classes there are.
    public let classes: Int

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "classifier-score", title: "Classifier score", input: .classProbabilities,
        better: .higher, range: 1...Double.infinity,
        summary: "clear classes in every sample, all classes in the set; at most their number",
        source: "Salimans et al. 2016 (Inception score)")

    /// The score of samples by their class probabilities.
    ///
    /// - Parameters:
    ///   - probabilities: `[N, classes]`: each row 0 or more, with a sum of 1 ± 0.001.
    ///   - splits: From 1 to N; consecutive samples form a split, as torch-fidelity 0.4.0 cuts
    ///     them.
    ///   - seed: What a shuffle before the split is a function of; nil for the order as it is.
    /// - Throws: ``SampleError/notProbabilities(row:)`` or ``SampleError/splits(_:samples:)``.
    public init(
        probabilities: FeatureMatrix, splits: Int = 10, shuffledBy seed: UInt64? = nil
    ) throws {
        guard splits >= 1, splits <= probabilities.count else {
            throw SampleError.splits(splits, samples: probabilities.count)
        }
        var order = Array(0..<probabilities.count)
        if let seed {
            var random = RandomStream(seed: seed, stream: 0)
            order.shuffle(using: &random)
        }
        let rows = try order.map { index in
            let row = probabilities.row(index)
            let sum = row.reduce(0, +)
            guard row.allSatisfy({ $0 >= 0 }), abs(sum - 1) <= 1e-3 else {
                throw SampleError.notProbabilities(row: index)
            }
            return row.map { $0 / sum }
        }
        count = rows.count
        classes = probabilities.dimensions
        perSplit = (0..<splits).map { split in
            Self.score(rows[rows.count * split / splits..<rows.count * (split + 1) / splits])
        }
        let mean = perSplit.mean
        value = mean
        standardDeviation = perSplit.map { ($0 - mean) * ($0 - mean) }.mean.squareRoot()
    }

    private static func score(_ rows: ArraySlice<[Double]>) -> Double {
        var marginal = [Double](repeating: 0, count: rows[rows.startIndex].count)
        for row in rows {
            for (label, probability) in row.enumerated() {
                marginal[label] += probability / Double(rows.count)
            }
        }
        let divergence = rows.reduce(0) { $0 + relativeEntropy($1, marginal) } / Double(rows.count)
        return exp(max(0, divergence))
    }
}

/// `Σ p ln(p / q)`, with `0 ln 0 = 0`; infinite where q is 0 and p is not.
func relativeEntropy(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { sum, pair in
        pair.0 > 0 ? sum + pair.0 * log(pair.0 / pair.1) : sum
    }
}
