/// A normal distribution in one or more dimensions; the covariance may be singular.
public struct Gaussian: Sendable, Equatable {
    /// `[dimensions]`.
    public let mean: [Double]
    /// Row-major `[dimensions, dimensions]`.
    public var covariance: [Double] { matrix.values }

    let matrix: SquareMatrix

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
        matrix = SquareMatrix(size: size, values: covariance).symmetrised()
        guard largest > 0 else { return }
        let smallest = matrix.divided(by: largest).symmetricEigenvalues()[0] * largest
        guard smallest >= -1e-9 * largest else {
            throw GaussianError.negativeVariance(smallest)
        }
    }

    /// The symmetric square root of the covariance.
    var root: [Double] { Eigensystem(matrix).matrix { max($0, 0).squareRoot() }.values }
}
