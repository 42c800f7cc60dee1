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

    /// A distribution that is known to be one.
    init(mean: [Double], matrix: SquareMatrix) { (self.mean, self.matrix) = (mean, matrix) }

    /// The symmetric square root of the covariance.
    var root: [Double] { Eigensystem(matrix).matrix { max($0, 0).squareRoot() }.values }
}

/// Why numbers do not describe a Gaussian.
public enum GaussianError: Error, Equatable {
    /// A mean without coordinates.
    case empty
    /// A mean or covariance that is NaN, infinite or beyond ±10¹⁰⁰; the index counts row by row.
    case notFinite(index: Int)
    /// A number of covariances other than the square of the dimensions.
    case covarianceCount(found: Int, dimensions: Int)
    /// A covariance that differs from its mirror image.
    case notSymmetric(row: Int, column: Int)
    /// A direction of negative variance.
    case negativeVariance(Double)
    /// Gaussians in different spaces.
    case unequalDimensions(first: Int, second: Int)
}

extension GaussianError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .empty: "A Gaussian needs a mean; give one coordinate or more."
        case .notFinite(let index):
            "Value \(index) of the mean or covariance is not finite or beyond ±1e100; "
                + "find out what made it so."
        case .covarianceCount(let found, let dimensions):
            "\(found) covariances do not fill a matrix of \(dimensions)×\(dimensions); "
                + "give one for each pair of coordinates."
        case .notSymmetric(let row, let column):
            "The covariance of coordinates \(row) and \(column) differs from that of \(column) and "
                + "\(row); give a symmetric matrix."
        case .negativeVariance(let variance):
            "The covariance matrix has a direction of variance \(variance); "
                + "give a matrix without negative eigenvalues."
        case .unequalDimensions(let first, let second):
            "The first Gaussian has \(first) dimensions and the second \(second); "
                + "give both the same."
        }
    }
}

/// The Wasserstein-2 distance of two Gaussians in closed form; also Fréchet's distance.
///
/// `W₂² = |m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½)`.
///
/// Sources: Dowson and Landau 1982, "The Fréchet distance between multivariate normal
/// distributions"; Peyré and Cuturi 2019, remark 2.31, arXiv:1803.00567.
public struct BuresWasserstein: Sendable, Equatable {
    /// W₂², in squared units of the coordinates.
    public var squaredDistance: Double { meanTerm + buresSquared }
    /// W₂, in the unit of the coordinates.
    public var distance: Double { squaredDistance.squareRoot() }
    /// The squared distance of the means.
    public let meanTerm: Double
    /// The squared Bures distance of the covariances: W₂² of the centred Gaussians.
    ///
    /// A difference of traces: its rounding error is about 10⁻¹⁶ of them, below zero never.
    public let buresSquared: Double
    private let first: SquareMatrix
    private let second: SquareMatrix

    /// - Throws: ``GaussianError/unequalDimensions(first:second:)``.
    /// - Complexity: O(dimensions³).
    public init(_ first: Gaussian, _ second: Gaussian) throws {
        guard first.mean.count == second.mean.count else {
            throw GaussianError.unequalDimensions(
                first: first.mean.count, second: second.mean.count)
        }
        meanTerm = zip(first.mean, second.mean).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        (self.first, self.second) = (first.matrix, second.matrix)
        buresSquared =
            first.matrix == second.matrix
            ? 0
            : max(
                0,
                first.matrix.trace + second.matrix.trace
                    - 2 * first.matrix.traceOfRootOfProduct(with: second.matrix))
    }

    /// The symmetric matrix T of the optimal map `x ↦ m₂ + T (x − m₁)`, row-major
    /// `[dimensions, dimensions]`; nil if the first covariance is singular up to rounding.
    ///
    /// `T = S₁^−½ (S₁^½ S₂ S₁^½)^½ S₁^−½`.
    ///
    /// - Complexity: O(dimensions³), each time.
    public var transportMap: [Double]? {
        let system = Eigensystem(first)
        let (smallest, largest) = (system.eigenvalues.min() ?? 0, system.eigenvalues.max() ?? 0)
        guard smallest > 1e-14 * largest else { return nil }
        let root = system.matrix { $0.squareRoot() }
        let middle = Eigensystem(root.congruence(second)).matrix { max($0, 0).squareRoot() }
        return system.matrix { 1 / $0.squareRoot() }.congruence(middle).values
    }
}
