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
