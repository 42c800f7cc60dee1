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

    /// The columns of a table against its first.
    ///
    /// - Parameter rows: For each measure the values of each column; as many columns in each row.
    /// - Returns: For each measure the tests of the columns after the first, with probabilities
    ///   that are ``adjusted(_:)`` for the number of all; nil where it cannot be told.
    public static func againstFirst(
        _ rows: [[[Double]]]
    ) -> [[(test: WelchTest, adjusted: Double)?]] {
        let tests = rows.map { row in row.dropFirst().map { WelchTest($0, row[0]) } }
        var adjusted = Self.adjusted(tests.joined().compactMap { $0?.pValue })[...]
        return tests.map { row in
            row.map { test in test.map { ($0, adjusted.removeFirst()) } }
        }
    }
}

/// Whether more values of one sample lie below nearly all of another than chance would have it.
///
/// The bound is a low quantile of the other sample: its c-th smallest value. Where both samples
/// have one distribution, how many of n values lie below the c-th smallest of N is known exactly: m
/// or more do if at least m of the m + c − 1 smallest of all are among the n.
public struct LowerTailTest: Sendable, Equatable {
    /// The share of values below the bound, in 0…1.
    public let share: Double
    /// What that share is on average for equal distributions: c / (N + 1).
    public let expectedShare: Double
    /// The probability of such a share or a larger one for equal distributions.
    public let pValue: Double

    /// Compares two samples; nil where one is empty or has a value that is none.
    ///
    /// - Parameters:
    ///   - values: The n values of the one sample.
    ///   - others: The N values of the other, which give the bound.
    ///   - quantile: Which share of `others` is below the bound, 0 or more and less than 1.
    /// - Complexity: O(n + N log N).
    public init?(of values: [Double], below others: [Double], quantile: Double = 0.01) {
        guard !values.isEmpty, !others.isEmpty, !(values + others).contains(where: \.isNaN),
            (0..<1).contains(quantile)
        else { return nil }
        let (n, total) = (values.count, others.count)
        let place = min(Int(quantile * Double(total)), total - 1)
        let bound = others.sorted()[place]
        let found = values.count { $0 < bound }
        share = Double(found) / Double(n)
        expectedShare = Double(place + 1) / Double(total + 1)
        let drawn = found + place
        let terms = (found...min(drawn, n)).filter { drawn - $0 <= total }.map { hits in
            exp(
                Self.logChoices(n, hits) + Self.logChoices(total, drawn - hits)
                    - Self.logChoices(n + total, drawn))
        }
        pValue = found == 0 ? 1 : min(1, terms.reduce(0, +))
    }

    /// The logarithm of the number of ways to choose some of several.
    private static func logChoices(_ all: Int, _ some: Int) -> Double {
        lgamma(Double(all + 1)) - lgamma(Double(some + 1)) - lgamma(Double(all - some + 1))
    }
}

/// Student's t distribution.
///
/// Source: Abramowitz and Stegun 1964, 26.7.1 for the probability as an incomplete beta function,
/// 26.5.8 for its continued fraction.
package struct StudentDistribution {
    private let freedom: Double

    /// The distribution with so many degrees of freedom, above 0.
    package init(_ freedom: Double) { self.freedom = freedom }

    /// The probability of a value at least as far from zero as `t`.
    func twoSided(_ t: Double) -> Double {
        Self.incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
    }

    /// The value above zero that has a two-sided probability, in 0…1.
    package func quantile(twoSided probability: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while twoSided(high) > probability, high < 1e12 { high *= 2 }
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if twoSided(middle) > probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function I_x(a, b).
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let front = exp(
            lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        // The continued fraction converges fast on one side of the mean; the other is its mirror.
        return x <= (a + 1) / (a + b + 2)
            ? front / a / continuedFraction(x, a, b)
            : 1 - front / b / continuedFraction(1 - x, b, a)
    }

    /// The continued fraction below the front factor, evaluated from its end.
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        (1...400).reversed().reduce(1.0) { tail, step in
            let half = Double(step / 2)
            let numerator =
                step % 2 == 0
                ? half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
                : -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
            return 1 + numerator / tail
        }
    }
}
