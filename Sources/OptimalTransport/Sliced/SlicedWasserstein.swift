import Foundation

/// Wasserstein distances of the projections of two measures on lines.
///
/// `SW_p = (mean over directions θ of W_p^p(⟨θ, x⟩, ⟨θ, y⟩))^(1/p)`, for directions drawn evenly
/// from the sphere a Monte-Carlo estimate of the mean over all of them. It is at most the distance
/// W_p itself and needs only sorting.
///
/// Sources: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing";
/// Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures".
public struct SlicedWasserstein: Sendable, Equatable {
    /// The most directions that can be asked for.
    public static let maximumDirections = 1_000_000

    /// The order.
    public let p: Double
    /// W_p along each direction, in the unit of the coordinates.
    public let perDirection: [Double]

    /// The sliced distance: the p-mean over the directions.
    public var distance: Double {
        let largest = self.largest
        guard largest > 0, p.isFinite else { return largest }
        let sum = perDirection.reduce(0) { $0 + powered($1 / largest, p) }
        return largest * pow(sum / Double(perDirection.count), 1 / p)
    }

    /// The largest of the distances: at most the max-sliced distance.
    public var largest: Double { perDirection.max() ?? 0 }

    /// Projects on random directions.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The order, 1 or more, or infinity.
    ///   - directions: How many; the error of the mean falls with their square root.
    ///   - seed: Selects the directions; the same ones for the same seed and space.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   an unusable number.
    /// - Complexity: O(directions · n · (dimensions + log n)).
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2, directions: Int = 100,
        seed: UInt64
    ) throws {
        guard 1...Self.maximumDirections ~= directions else {
            throw SlicingError.directionCount(directions)
        }
        var random = RandomDirections(dimensions: first.dimensions, seed: seed)
        try self.init(first, second, p: p, count: directions) { _ in random.next() }
    }

    /// Projects on given directions.
    ///
    /// - Parameter directions: Vectors of any positive length, row-major `[count, dimensions]`.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   unusable directions.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2, directions: [Double]
    ) throws {
        let dimensions = first.dimensions
        guard !directions.isEmpty, directions.count.isMultiple(of: dimensions) else {
            throw SlicingError.unevenDirections(values: directions.count, dimensions: dimensions)
        }
        try self.init(first, second, p: p, count: directions.count / dimensions) { index in
            let vector = directions[index * dimensions..<(index + 1) * dimensions]
            guard let direction = normalised(vector) else {
                throw SlicingError.unusableDirection(index)
            }
            return direction
        }
    }

    private init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double, count: Int,
        direction: (Int) throws -> [Double]
    ) throws {
        try requireSameSpace(first, second)
        guard p >= 1 else { throw TransportError.order(p) }
        self.p = p
        perDirection = try (0..<count).map { index in
            LineMatching(first, second, along: try direction(index)).distance(p: p)
        }
    }
}
