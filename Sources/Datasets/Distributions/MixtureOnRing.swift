import Foundation

/// Gaussians evenly spaced on a circle around the origin of the plane.
///
/// The mean of component k of n is `radius · (cos 2πk/n, sin 2πk/n)`.
public struct MixtureOnRing: MixtureDistribution, Equatable {
    /// The mixture itself.
    public let mixture: GaussianMixture

    /// The "8 Gaussians" of WGAN-GP: radius 2, standard deviation 0.02, divided by 1.414.
    ///
    /// Source: the toy data of Gulrajani et al. 2017, arXiv:1704.00028.
    public static let eightGaussians = MixtureOnRing(
        checkedCount: 8, radius: 2 / 1.414, standardDeviation: 0.02 / 1.414)

    /// A ring of `count` Gaussians.
    ///
    /// - Parameters:
    ///   - count: How many, 1 or more.
    ///   - radius: The distance of the means from the origin, 0 or more.
    ///   - standardDeviation: Along each axis, 0 or more.
    /// - Throws: ``DistributionError`` when a number is out of range.
    public init(count: Int, radius: Float, standardDeviation: Float) throws {
        try GaussianMixture.check(count: count)
        guard radius.isFinite, radius >= 0 else { throw DistributionError.radius(radius) }
        try GaussianMixture.check(scale: standardDeviation)
        self.init(checkedCount: count, radius: radius, standardDeviation: standardDeviation)
    }

    private init(checkedCount count: Int, radius: Float, standardDeviation: Float) {
        let means = (0..<count).flatMap { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return [radius * Float(cos(angle)), radius * Float(sin(angle))]
        }
        mixture = GaussianMixture(
            dimensions: 2, means: means,
            standardDeviations: [Float](repeating: standardDeviation, count: count))
    }
}
