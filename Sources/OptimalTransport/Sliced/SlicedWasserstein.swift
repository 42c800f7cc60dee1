import Dispatch
import Foundation
import Philox

/// Wasserstein distances of the projections of two measures on lines.
///
/// `SW_p = (mean over directions θ of W_p^p(⟨θ, x⟩, ⟨θ, y⟩))^(1/p)`, for directions drawn evenly
/// from the sphere a Monte-Carlo estimate of the mean over all of them. It is at most the distance
/// W_p itself and needs only sorting. All processors take directions, in blocks, so that the memory
/// does not grow with the number of directions, but for the results; these are the same on any
/// number of processors.
///
/// Sources: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing";
/// Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures".
public struct SlicedWasserstein: Sendable, Equatable {
    /// The most directions that can be asked for.
    public static let maximumDirections = 1_000_000

    /// The power to which distances are raised, 1 or more; with infinity only the longest counts.
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
        try self.init(first, second, p: p) { $0 < directions ? random.next() : nil }
    }

    /// Projects on given directions.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The order, 1 or more, or infinity.
    ///   - directions: Vectors of any positive length, row-major `[count, dimensions]`.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   unusable directions.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2, directions: [Double]
    ) throws {
        let dimensions = first.dimensions
        guard !directions.isEmpty, directions.count.isMultiple(of: dimensions) else {
            throw SlicingError.unevenDirections(values: directions.count, dimensions: dimensions)
        }
        let starts = stride(from: 0, to: directions.count, by: dimensions)
        try self.init(
            first, second, p: p,
            directions: starts.lazy.map { directions[$0..<$0 + dimensions] })
    }

    /// Projects on directions that come one after the other.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The order, 1 or more, or infinity.
    ///   - directions: Vectors `[dimensions]` of any positive length; a few are held at a time.
    /// - Throws: ``TransportError`` for different spaces or an unusable order, ``SlicingError`` for
    ///   unusable directions or none.
    public init<Direction: Collection<Double>>(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2,
        directions: some Sequence<Direction>
    ) throws {
        var rest = directions.makeIterator()
        try self.init(first, second, p: p) { index in
            guard let vector = rest.next() else { return nil }
            guard vector.count == first.dimensions else {
                throw SlicingError.unevenDirections(
                    values: vector.count, dimensions: first.dimensions)
            }
            guard let direction = normalised(vector) else {
                throw SlicingError.unusableDirection(index)
            }
            return direction
        }
        guard !perDirection.isEmpty else {
            throw SlicingError.unevenDirections(values: 0, dimensions: first.dimensions)
        }
    }

    /// - Parameter next: The direction of a number; nil after the last one.
    private init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double,
        next: (Int) throws -> [Double]?
    ) throws {
        try requireSameSpace(first, second)
        guard p >= 1 else { throw TransportError.order(p) }
        self.p = p
        var distances: [Double] = []
        while true {
            var block: [[Double]] = []
            while block.count < Self.blockSize,
                let direction = try next(distances.count + block.count)
            {
                block.append(direction)
            }
            if block.isEmpty { break }
            distances += Self.distances(first, second, along: block, p: p)
        }
        perDirection = distances
    }

    /// Directions that are taken at once.
    private static let blockSize = 64

    private static func distances(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, along directions: [[Double]], p: Double
    ) -> [Double] {
        [Double](unsafeUninitializedCapacity: directions.count) { result, count in
            nonisolated(unsafe) let result = result.baseAddress!
            DispatchQueue.concurrentPerform(iterations: directions.count) { index in
                let line = LineMatching(first, second, along: directions[index])
                (result + index).initialize(to: line.distance(p: p))
            }
            count = directions.count
        }
    }
}

/// A sequence of directions distributed evenly over the sphere: normalised Gaussian vectors.
struct RandomDirections {
    private var random: RandomStream
    private let dimensions: Int

    init(dimensions: Int, seed: UInt64) {
        random = RandomStream(seed: seed, stream: ReservedStream.directions)
        self.dimensions = dimensions
    }

    /// The next unit vector, `[dimensions]`.
    mutating func next() -> [Double] {
        while true {
            let vector = (0..<dimensions).map { _ in Double(random.nextNormal()) }
            // A vector of zeros, which may come up once in 2²⁴ on the line, has no direction.
            if let direction = normalised(vector) { return direction }
        }
    }
}

/// The vector at length one; nil if it has no usable length.
func normalised(_ vector: some Collection<Double>) -> [Double]? {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0, vector.allSatisfy({ abs($0) <= 1e100 }) else { return nil }
    // Relative to the largest coordinate, whose square cannot vanish.
    let relative = vector.map { $0 / largest }
    let length = relative.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return relative.map { $0 / length }
}

/// Why measures cannot be projected as asked.
public enum SlicingError: Error, Equatable {
    /// Fewer directions or restarts than one, or too many to hold.
    case directionCount(Int)
    /// Values that do not make whole directions of the measures' space.
    case unevenDirections(values: Int, dimensions: Int)
    /// A direction of length zero or with a value that is NaN, infinite or beyond ±10¹⁰⁰.
    case unusableDirection(Int)
}

extension SlicingError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .directionCount(let count):
            "\(count) directions cannot be drawn; give 1 to \(SlicedWasserstein.maximumDirections)."
        case .unevenDirections(let values, let dimensions):
            "\(values) values do not make whole directions of \(dimensions) dimensions; "
                + "give \(dimensions) values for each of one or more directions."
        case .unusableDirection(let index):
            "Direction \(index) is zero or not finite; give a vector with a length."
        }
    }
}
