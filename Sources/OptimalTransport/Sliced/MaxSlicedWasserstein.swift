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
        try requireSameSpace(first, second)
        guard p >= 1, p.isFinite else { throw TransportError.order(p) }
        guard 1...SlicedWasserstein.maximumDirections ~= restarts else {
            throw SlicingError.directionCount(restarts)
        }
        let search = DirectionSearch(first, second, p: p)
        var random = RandomDirections(dimensions: first.dimensions, seed: seed)
        var best = normalised(search.meanDifference).map { search.climb(from: $0) }
        for _ in 0..<restarts {
            var start = search.at(random.next())
            for _ in 1..<10 {
                let other = search.at(random.next())
                if other.distance > start.distance { start = other }
            }
            let found = search.climb(from: start.direction)
            if found.distance > best?.distance ?? -1 { best = found }
        }
        distance = best?.distance ?? 0
        direction = best?.direction ?? []
    }
}
