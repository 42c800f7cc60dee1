import Foundation

/// A gradient ascent over directions.
struct DirectionSearch {
    /// A direction and the distance of the projections on it.
    struct Candidate {
        let direction: [Double]
        let distance: Double
    }

    private let first: DiscreteMeasure
    private let second: DiscreteMeasure
    private let p: Double

    init(_ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double) {
        self.first = first
        self.second = second
        self.p = p
    }

    func at(_ direction: [Double]) -> Candidate {
        Candidate(
            direction: direction,
            distance: LineMatching(first, second, along: direction).distance(p: p))
    }

    /// Mean of the first minus mean of the second, `[dimensions]`.
    var meanDifference: [Double] {
        var result = [Double](repeating: 0, count: first.dimensions)
        for (measure, sign) in [(first, 1.0), (second, -1.0)] {
            for point in 0..<measure.count {
                for axis in result.indices {
                    result[axis] +=
                        sign * measure.weights[point]
                        * measure.points[point * measure.dimensions + axis]
                }
            }
        }
        return result
    }

    /// Goes uphill until steps no longer help.
    func climb(from direction: [Double]) -> Candidate {
        var best = at(direction)
        var step = 1.0
        var tries = 0
        while tries < 200, best.distance > 0, let gradient = gradient(at: best) {
            // Improves at this step or at a shorter one, or the search is over.
            var improved = false
            while !improved, step > 1e-9, tries < 200 {
                tries += 1
                let moved = zip(best.direction, gradient).map { $0 + step * $1 }
                guard let next = normalised(moved).map(at) else { break }
                improved = next.distance > best.distance * (1 + 1e-14)
                if improved { best = next }
                step *= improved ? 2 : 0.5
            }
            guard improved else { return best }
        }
        return best
    }

    /// The direction of steepest ascent along the sphere, of length one; nil where there is none.
    private func gradient(at candidate: Candidate) -> [Double]? {
        let direction = candidate.direction
        let dimensions = direction.count
        var gradient = [Double](repeating: 0, count: dimensions)
        LineMatching(first, second, along: direction).forEachMove { from, to, mass in
            let gap = from.position - to.position
            guard gap != 0 else { return }
            // Lengths relative to the distance, so that no power over- or underflows.
            let pull = mass * pow(abs(gap) / candidate.distance, p - 1) * (gap > 0 ? 1 : -1)
            for axis in 0..<dimensions {
                gradient[axis] +=
                    pull
                    * (first.points[from.point * dimensions + axis]
                        - second.points[to.point * dimensions + axis]) / candidate.distance
            }
        }
        let radial = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        return normalised(zip(gradient, direction).map { $0 - radial * $1 })
    }
}
