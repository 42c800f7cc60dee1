import Foundation

/// The largest Wasserstein distance that a projection of two measures on a line has.
///
/// `max-SW_p = max over directions θ of W_p(⟨θ, x⟩, ⟨θ, y⟩)`. The problem is not convex: the value
/// is the best of several local maxima, hence a lower bound that gets better with more restarts.
/// It is at most W_p itself.
///
/// Each search is a projected gradient ascent on the sphere. At a direction the optimal matching is
/// that of the sorted projections; the gradient of `W_p^p` with this matching held fixed is
/// followed with a step that halves when it does not help and doubles when it does. Searches start
/// from the difference of the means and from the best of random directions.
///
/// Source: Deshpande et al. 2019, "Max-Sliced Wasserstein distance and its use for GANs",
/// arXiv:1904.05877.
public struct MaxSlicedWasserstein: Sendable, Equatable {
    /// The distance along ``direction``, in the unit of the coordinates.
    public let distance: Double
    /// The unit vector found, `[dimensions]`.
    public let direction: [Double]

    /// Searches for the direction.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The order, 1 or more and finite.
    ///   - restarts: How many searches there are from random directions, each from the best of ten.
    ///   - seed: Selects the directions.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   an unusable number.
    /// - Complexity: At most 200 projections and sorts for each search.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2, restarts: Int = 10,
        seed: UInt64
    ) throws {
        try Self.check(first, second, p: p, restarts: restarts)
        let search = DirectionSearch(first, second, p: p)
        var random = RandomDirections(dimensions: first.dimensions, seed: seed)
        self.init(search, starts: restarts) { _ in
            var start = search.at(random.next())
            for _ in 1..<10 {
                let other = search.at(random.next())
                if other.distance > start.distance { start = other }
            }
            return start.direction
        }
    }

    /// Searches from given directions, and from the difference of the means.
    ///
    /// The distance is at least that along any of the given ones; the largest of those alone is
    /// ``SlicedWasserstein/largest``.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The order, 1 or more and finite.
    ///   - starts: Vectors of any positive length, row-major `[count, dimensions]`.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   unusable directions.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2, starts: [Double]
    ) throws {
        let dimensions = first.dimensions
        guard !starts.isEmpty, starts.count.isMultiple(of: dimensions) else {
            throw SlicingError.unevenDirections(values: starts.count, dimensions: dimensions)
        }
        try Self.check(first, second, p: p, restarts: starts.count / dimensions)
        let directions = try (0..<starts.count / dimensions).map { index in
            let vector = starts[index * dimensions..<(index + 1) * dimensions]
            guard let direction = normalised(vector) else {
                throw SlicingError.unusableDirection(index)
            }
            return direction
        }
        self.init(DirectionSearch(first, second, p: p), starts: directions.count) {
            directions[$0]
        }
    }

    private static func check(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double, restarts: Int
    ) throws {
        try requireSameSpace(first, second)
        guard p >= 1, p.isFinite else { throw TransportError.order(p) }
        guard 1...SlicedWasserstein.maximumDirections ~= restarts else {
            throw SlicingError.directionCount(restarts)
        }
    }

    private init(_ search: DirectionSearch, starts: Int, start: (Int) -> [Double]) {
        var best = normalised(search.meanDifference).map { search.climb(from: $0) }
        for index in 0..<starts {
            let found = search.climb(from: start(index))
            if found.distance > best?.distance ?? -1 { best = found }
        }
        distance = best?.distance ?? 0
        direction = best?.direction ?? []
    }
}

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
