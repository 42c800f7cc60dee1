import Philox

/// The sliced Wasserstein-2 distance of features, scaled to be read like FID: MIND.
///
/// `3 d · mean over directions θ of W₂²(⟨θ, x⟩, ⟨θ, y⟩)`, with d features and directions drawn
/// evenly from the unit sphere. It asks for no covariance, sees more than two moments, and is
/// settled by fewer samples than FID. A shift δ of all features is worth `3 |δ|²`.
///
/// Sets of different sizes are compared by their quantile functions, exactly; torch-fidelity leaves
/// out random rows of the larger one.
///
/// Source: Berthet et al. 2026, arXiv:2605.06797, "Monge Inception Distance"; 1000 directions as in
/// torch-fidelity's development version.
public struct MongeDistance: Sendable, Equatable {
    /// The most directions that can be asked for.
    public static let mostDirections = 1_000_000

    /// The distance, in squared feature units, 0 or more.
    public let value: Double
    /// The standard error of ``value`` for the draw of directions alone; nil for one.
    public let standardError: Double?
    /// The squared distance along each direction.
    public let perDirection: [Double]
    /// How many features a sample has.
    public let dimensions: Int

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "mind", title: "Monge distance (MIND)", input: .features, better: .lower,
        range: 0...Double.infinity,
        summary: "sliced Wasserstein-2 distance of features, squared and scaled as FID is",
        source: "Berthet et al. 2026")

    /// Projects on random directions.
    ///
    /// - Parameters:
    ///   - first: Features of one side.
    ///   - second: Features of the other side; the counts may differ.
    ///   - directions: From 1 to ``mostDirections``.
    ///   - seed: What the directions are a function of.
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)`` or
    ///   ``SampleError/directions(_:)``.
    /// - Complexity: O(directions · rows · (features + log rows)).
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, directions: Int = 1000, seed: UInt64 = 0
    ) throws {
        guard 1...Self.mostDirections ~= directions else {
            throw SampleError.directions(directions)
        }
        let dimensions = first.dimensions
        try self.init(first, second, count: directions) { numbers in
            // Each block has a place of its own in the sequence, whatever was drawn before.
            var random = RandomStream(
                seed: seed, stream: ReservedStream.directions, step: UInt64(numbers.lowerBound))
            return (0..<numbers.count * dimensions).map { _ in Double(random.nextNormal()) }
        }
    }

    /// Projects on given directions.
    ///
    /// - Parameters:
    ///   - first: Features of one side.
    ///   - second: Features of the other side; the counts may differ.
    ///   - vectors: Row by row, of any length above 0; as many numbers in each as features.
    /// - Throws: As the other.
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, along vectors: FeatureMatrix
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, vectors)
        for row in 0..<vectors.count where vectors.row(row).allSatisfy({ $0 == 0 }) {
            throw SampleError.directions(0)
        }
        try self.init(first, second, count: vectors.count) { numbers in
            numbers.flatMap(vectors.row)
        }
    }

    /// - Parameter vectors: The vectors of some numbers, one after the other.
    private init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, count: Int,
        vectors: @Sendable (Range<Int>) -> [Double]
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        dimensions = first.dimensions
        var squares = [Double](repeating: 0, count: count)
        squares.withUnsafeMutableBufferPointer { squares in
            nonisolated(unsafe) let squares = squares
            Parallel.forEachBlock(of: count, size: Self.block) { _, numbers in
                let directions = FeatureMatrix(
                    Self.normalised(vectors(numbers), dimensions: first.dimensions),
                    columns: first.dimensions)
                let lines = [first, second].map { Self.projections(of: $0, on: directions) }
                for (place, number) in numbers.enumerated() {
                    squares[number] = Self.squaredDistance(lines[0][place], lines[1][place])
                }
            }
        }
        perDirection = squares
        let scale = 3 * Double(first.dimensions)
        let mean = squares.mean
        value = scale * mean
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        standardError = count > 1 ? scale * (variance / Double(count)).squareRoot() : nil
    }

    /// Directions whose projections are made together.
    private static let block = 16

    private static func normalised(_ vectors: [Double], dimensions: Int) -> [Double] {
        stride(from: 0, to: vectors.count, by: dimensions).flatMap { start in
            let vector = vectors[start..<start + dimensions]
            let largest = vector.reduce(0) { max($0, abs($1)) }
            // Numbers drawn for a direction are all zero less often than once in 2²⁴.
            guard largest > 0 else { return [1] + [Double](repeating: 0, count: dimensions - 1) }
            let length = vector.reduce(0) { $0 + $1 / largest * ($1 / largest) }.squareRoot()
            return vector.map { $0 / largest / length }
        }
    }

    /// The sorted places of all rows on each line.
    private static func projections(
        of features: FeatureMatrix, on directions: FeatureMatrix
    ) -> [[Double]] {
        let count = features.count
        return DotProducts.withBlock(directions, 0..<directions.count, features, 0..<count) { all in
            (0..<directions.count).map { all[$0 * count..<($0 + 1) * count].sorted() }
        }
    }

    /// W₂² of two sorted lists: quantiles are matched from below.
    private static func squaredDistance(_ x: [Double], _ y: [Double]) -> Double {
        guard x.count != y.count else {
            return zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(x.count)
        }
        // In units of 1 / (n · m) each mass is a whole number.
        var (i, j, left, right, sum) = (0, 0, y.count, x.count, 0.0)
        while i < x.count, j < y.count {
            let mass = min(left, right)
            sum += Double(mass) * (x[i] - y[j]) * (x[i] - y[j])
            (left, right) = (left - mass, right - mass)
            if left == 0 { (i, left) = (i + 1, y.count) }
            if right == 0 { (j, right) = (j + 1, x.count) }
        }
        return sum / (Double(x.count) * Double(y.count))
    }
}
