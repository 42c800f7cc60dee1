import Foundation

/// Whether the means of two samples differ, where nothing is assumed of their variances.
///
/// `t = (mean a − mean b) / √(s²_a/n_a + s²_b/n_b)` is held against Student's distribution with the
/// degrees of freedom of Welch and Satterthwaite. It assumes independent and about normal values,
/// as averages over many samples are.
///
/// Source: Welch 1947, "The generalization of 'Student's' problem when several different population
/// variances are involved", Biometrika 34.
public struct WelchTest: Sendable, Equatable {
    /// Mean of the first minus mean of the second.
    public let difference: Double
    /// The degrees of freedom; infinite where no value varies.
    public let degreesOfFreedom: Double
    /// The probability of a difference at least as large, in either direction, if the means are
    /// equal.
    public let pValue: Double
    /// Half the width of the difference's interval with 95 % confidence.
    public let halfWidth95: Double

    /// Compares two samples; nil unless both have at least two values, all of them finite.
    public init?(_ first: [Double], _ second: [Double]) {
        guard first.count > 1, second.count > 1, (first + second).allSatisfy(\.isFinite) else {
            return nil
        }
        let (a, b) = (Self.moments(first), Self.moments(second))
        difference = a.mean - b.mean
        let square = a.error + b.error
        guard square > 0 else {
            (degreesOfFreedom, halfWidth95) = (.infinity, 0)
            pValue = difference == 0 ? 1 : 0
            return
        }
        let freedom =
            square * square
            / (a.error * a.error / Double(first.count - 1)
                + b.error * b.error / Double(second.count - 1))
        degreesOfFreedom = freedom
        pValue = StudentDistribution(freedom).twoSided(difference / square.squareRoot())
        halfWidth95 = StudentDistribution(freedom).quantile(twoSided: 0.05) * square.squareRoot()
    }

    /// The mean of values and its squared standard error.
    private static func moments(_ values: [Double]) -> (mean: Double, error: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / (count - 1) / count)
    }

    /// Probabilities of several tests, raised so that one of all falls below a level by chance
    /// alone with at most the probability of that level.
    ///
    /// Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        var result = pValues
        var largest = 0.0
        let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
        for (rank, place) in order.enumerated() {
            largest = max(largest, min(1, pValues[place] * Double(pValues.count - rank)))
            result[place] = largest
        }
        return result
    }
}
