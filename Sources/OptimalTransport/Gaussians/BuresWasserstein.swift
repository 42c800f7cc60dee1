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
    /// The symmetric matrix T of the optimal map `x ↦ m₂ + T (x − m₁)`, row-major
    /// `[dimensions, dimensions]`; nil if the first covariance is singular.
    public let transportMap: [Double]?

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
        let middle = Eigensystem(first.root.congruence(second.matrix)).matrix {
            max($0, 0).squareRoot()
        }
        buresSquared =
            first.covariance == second.covariance
            ? 0 : max(0, first.matrix.trace + second.matrix.trace - 2 * middle.trace)
        transportMap = first.inverseRoot.map { $0.congruence(middle).values }
    }
}
