import Foundation

/// Student's t distribution.
///
/// Source: Abramowitz and Stegun 1964, 26.7.1 for the probability as an incomplete beta function,
/// 26.5.8 for its continued fraction.
struct StudentDistribution {
    private let freedom: Double

    /// The distribution with so many degrees of freedom, above 0.
    init(_ freedom: Double) { self.freedom = freedom }

    /// The probability of a value at least as far from zero as `t`.
    func twoSided(_ t: Double) -> Double {
        Self.incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
    }

    /// The value above zero that has a two-sided probability, in 0…1.
    func quantile(twoSided probability: Double) -> Double {
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
