import Foundation

extension LineMatching {
    /// W_p of the two measures on the line; infinity stands for the longest way.
    ///
    /// Lengths are taken relative to the longest one, so that no power over- or underflows.
    func distance(p: Double) -> Double {
        var longest = 0.0
        forEachMove { from, to, _ in longest = max(longest, abs(from.position - to.position)) }
        guard longest > 0, p.isFinite else { return longest }
        var sum = 0.0
        forEachMove { from, to, mass in
            sum += mass * powered(abs(from.position - to.position) / longest, p)
        }
        return longest * pow(sum, 1 / p)
    }
}

/// `pow`, without its cost for the usual orders.
@inline(__always)
func powered(_ base: Double, _ p: Double) -> Double {
    if p == 1 { return base }
    return p == 2 ? base * base : pow(base, p)
}
