/// Gaussians on a square grid in the plane, the usual first exercise of a Wasserstein GAN.
///
/// With `columns = ceil(sqrt count)` the mean of component i is
/// `(2·(i mod columns), 2·(i div columns))`; the standard deviation is 0.5 along each axis.
///
/// Source: the data of EPFL's EE-556 exercise on Wasserstein GANs: a grid of spacing 4 and
/// standard deviation 1, both halved.
public struct MixtureOnGrid: MixtureDistribution, Equatable {
    /// The mixture itself.
    public let mixture: GaussianMixture

    /// A grid of `count` Gaussians, 1 or more, filled row by row.
    ///
    /// - Throws: ``DistributionError`` when the count is not possible.
    public init(count: Int = 2) throws {
        try GaussianMixture.check(count: count)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        mixture = GaussianMixture(
            dimensions: 2,
            means: (0..<count).flatMap { [2 * Float($0 % columns), 2 * Float($0 / columns)] },
            standardDeviations: [Float](repeating: 0.5, count: count))
    }
}
