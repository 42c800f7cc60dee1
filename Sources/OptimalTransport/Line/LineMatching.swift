import Foundation

/// A point on the line with its share of the mass.
struct LineAtom {
    let position: Double
    let weight: Double
    /// Its number in the measure.
    let point: Int
}

/// The optimal plan between two measures on the line, for every order p at once.
///
/// The sorted atoms are walked through side by side and matched from the left, as the quantile
/// functions prescribe.
///
/// Source: Peyré and Cuturi 2019, "Computational Optimal Transport", section 2.6, arXiv:1803.00567.
struct LineMatching {
    private let first: [LineAtom]
    private let second: [LineAtom]

    /// The projections of two measures on a direction, `[dimensions]`.
    init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure,
        along direction: [Double]
    ) {
        self.first = Self.atoms(first, along: direction)
        self.second = Self.atoms(second, along: direction)
    }

    private static func atoms(
        _ measure: DiscreteMeasure, along direction: [Double]
    ) -> [LineAtom] {
        let dimensions = measure.dimensions
        var atoms: [LineAtom] = []
        atoms.reserveCapacity(measure.count)
        for point in 0..<measure.count where measure.weights[point] > 0 {
            var position = 0.0
            for axis in 0..<dimensions {
                position += direction[axis] * measure.points[point * dimensions + axis]
            }
            atoms.append(
                LineAtom(position: position, weight: measure.weights[point], point: point))
        }
        atoms.sort { $0.position < $1.position }
        return atoms
    }

    /// Calls `move` with each pair of atoms and the mass that goes from one to the other.
    @inline(__always)
    func forEachMove(_ move: (_ from: LineAtom, _ to: LineAtom, _ mass: Double) -> Void) {
        // What rounding leaves of an atom is not worth a move of its own.
        let negligible = 1e-15
        var (i, j) = (0, 0)
        var (left, right) = (first[0].weight, second[0].weight)
        while true {
            let mass = min(left, right)
            move(first[i], second[j], mass)
            left -= mass
            right -= mass
            if left <= negligible {
                i += 1
                if i == first.count { return }
                left = first[i].weight
            }
            if right <= negligible {
                j += 1
                if j == second.count { return }
                right = second[j].weight
            }
        }
    }
}

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
