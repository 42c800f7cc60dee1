import Foundation

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
