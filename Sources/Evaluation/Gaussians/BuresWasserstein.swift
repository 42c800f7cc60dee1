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
