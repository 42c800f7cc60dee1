/// The mean and covariance of features, gathered in any number of batches.
///
/// Parts of a set can be gathered apart and merged: mean and covariance are those of one pass, up
/// to rounding. Sums are taken about the mean of each batch, so a large common offset does no harm.
///
/// Source: Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise algorithm for computing
/// sample variances".
public struct GaussianStatistics: Sendable, Equatable {
    /// How many rows have been gathered.
    public private(set) var count = 0
    /// The mean of each feature, `[dimensions]`; zeros before the first row.
    public private(set) var mean: [Double]
    /// The sums of products of deviations; only on and above the diagonal.
    private var scatter: SquareMatrix

    /// How many features a row has.
    public var dimensions: Int { mean.count }

    /// Statistics of nothing yet.
    ///
    /// - Parameters:
    ///   - dimensions: 1 or more.
    ///   - memory: What the statistics and a distance between two of them may take.
    /// - Throws: ``SampleError/dimensions(_:)`` or
    ///   ``SampleError/tooLittleMemory(work:needed:available:remedy:)``.
    public init(dimensions: Int, memory: WorkingMemory = .available) throws {
        guard dimensions > 0 else { throw SampleError.dimensions(dimensions) }
        let most = memory.largest(min(dimensions, Self.mostDimensions)) {
            Self.bytes(dimensions: $0)
        }
        try memory.require(
            Self.bytes(dimensions: dimensions), for: "a covariance of \(dimensions) features",
            remedy: "give at most \(most) features, for instance of smaller images")
        mean = [Double](repeating: 0, count: dimensions)
        scatter = SquareMatrix(zeros: dimensions)
    }

    /// The statistics of one set.
    ///
    /// - Throws: ``SampleError/tooLittleMemory(work:needed:available:remedy:)``.
    public init(_ features: FeatureMatrix, memory: WorkingMemory = .available) throws {
        try self.init(dimensions: features.dimensions, memory: memory)
        try add(features)
    }

    /// Gathers further rows.
    ///
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)``.
    /// - Complexity: O(rows · dimensions²).
    public mutating func add(_ features: FeatureMatrix) throws {
        guard features.dimensions == dimensions else {
            throw SampleError.dimensionsDiffer(first: dimensions, second: features.dimensions)
        }
        // One place for the deviations of all pieces.
        withUnsafeTemporaryAllocation(
            of: Double.self, capacity: min(Self.chunk, features.count) * dimensions
        ) { deviations in
            for rows in features.pieces(of: 0..<features.count, size: Self.chunk) {
                add(rows, of: features, by: deviations.baseAddress!)
            }
        }
    }

    /// Adds what another accumulator has gathered.
    ///
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)``.
    public mutating func merge(_ other: GaussianStatistics) throws {
        guard other.dimensions == dimensions else {
            throw SampleError.dimensionsDiffer(first: dimensions, second: other.dimensions)
        }
        for index in scatter.values.indices { scatter.values[index] += other.scatter.values[index] }
        join(count: other.count, mean: other.mean)
    }

    /// The covariances with divisor N − 1, row-major `[dimensions, dimensions]`.
    ///
    /// - Throws: ``SampleError/tooFewRows(found:needed:)`` before the second row.
    public func covariance() throws -> [Double] { try covarianceMatrix().values }

    /// The normal distribution of this mean and covariance.
    ///
    /// - Throws: ``SampleError/tooFewRows(found:needed:)`` before the second row.
    public func distribution() throws -> Gaussian {
        Gaussian(mean: mean, matrix: try covarianceMatrix())
    }

    func covarianceMatrix() throws -> SquareMatrix {
        guard count >= 2 else { throw SampleError.tooFewRows(found: count, needed: 2) }
        var result = scatter.divided(by: Double(count - 1))
        result.mirrorUpperTriangle()
        return result
    }
}

extension GaussianStatistics {
    /// How many rows are gathered at a time.
    private static let chunk = 1024
    /// More can be counted by nobody's memory.
    private static let mostDimensions = 1 << 20

    /// The bytes of the statistics of two sets and of all matrices that their distance is made of.
    static func bytes(dimensions: Int) -> Int {
        let size = min(dimensions, mostDimensions)
        return 10 * 8 * size * size
    }

    private mutating func add(
        _ rows: Range<Int>, of features: FeatureMatrix, by deviations: UnsafeMutablePointer<Double>
    ) {
        let size = dimensions
        features.copy(rows, to: deviations)
        var mean = [Double](repeating: 0, count: size)
        for row in 0..<rows.count {
            for column in 0..<size { mean[column] += deviations[row * size + column] }
        }
        for column in 0..<size { mean[column] /= Double(rows.count) }
        for row in 0..<rows.count {
            for column in 0..<size { deviations[row * size + column] -= mean[column] }
        }
        DotProducts.addWithinColumns(deviations, count: rows.count, to: &scatter)
        join(count: rows.count, mean: mean)
    }

    /// Accounts for further rows whose products about their own mean have been added.
    private mutating func join(count more: Int, mean other: [Double]) {
        guard more > 0 else { return }
        let total = Double(count) + Double(more)
        let shift = zip(other, mean).map { $0 - $1 }
        let weight = Double(count) * (Double(more) / total)
        let size = dimensions
        if count > 0 {
            scatter.values.withUnsafeMutableBufferPointer { scatter in
                for row in 0..<size {
                    let factor = weight * shift[row]
                    for column in row..<size {
                        scatter[row * size + column] += factor * shift[column]
                    }
                }
            }
        }
        for index in mean.indices { mean[index] += shift[index] * (Double(more) / total) }
        count += more
    }
}
