/// A normal distribution in one or more dimensions; the covariance may be singular.
public struct Gaussian: Sendable, Equatable {
    /// `[dimensions]`.
    public let mean: [Double]
    /// Row-major `[dimensions, dimensions]`.
    public var covariance: [Double] { matrix.values }

    let matrix: SymmetricMatrix
    /// The symmetric square root of the covariance.
    package let root: SymmetricMatrix
    /// Its inverse; nil if the covariance is singular up to rounding.
    let inverseRoot: SymmetricMatrix?

    /// - Parameters:
    ///   - mean: `[dimensions]`.
    ///   - covariance: Row-major `[dimensions, dimensions]`, symmetric and without negative
    ///     eigenvalues, up to rounding.
    /// - Throws: ``GaussianError``.
    /// - Complexity: O(dimensions³).
    public init(mean: [Double], covariance: [Double]) throws {
        let size = mean.count
        guard size > 0 else { throw GaussianError.empty }
        guard covariance.count == size * size else {
            throw GaussianError.covarianceCount(found: covariance.count, dimensions: size)
        }
        for values in [mean, covariance] {
            if let index = values.firstIndex(where: { !(abs($0) <= 1e100) }) {
                throw GaussianError.notFinite(index: index)
            }
        }
        let largest = covariance.reduce(0) { max($0, abs($1)) }
        for row in 0..<size {
            for column in 0..<row {
                let gap = covariance[row * size + column] - covariance[column * size + row]
                guard abs(gap) <= 1e-9 * largest else {
                    throw GaussianError.notSymmetric(row: row, column: column)
                }
            }
        }
        self.mean = mean
        matrix = SymmetricMatrix(size: size, values: covariance)
        let eigensystem = Eigensystem(matrix)
        let smallest = eigensystem.eigenvalues.min() ?? 0
        guard smallest >= -1e-9 * largest else {
            throw GaussianError.negativeVariance(smallest)
        }
        root = eigensystem.matrix { max($0, 0).squareRoot() }
        inverseRoot =
            smallest > 1e-14 * largest ? eigensystem.matrix { 1 / $0.squareRoot() } : nil
    }
}
