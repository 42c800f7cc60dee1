/// The "25 Gaussians" of WGAN-GP: a 5×5 grid centred on the origin.
///
/// Spacing 2 and standard deviation 0.05, both divided by 2.828, which gives the points roughly
/// unit variance; row by row from the lower left.
///
/// Source: the toy data of Gulrajani et al. 2017, arXiv:1704.00028.
public struct GaussianGrid25: MixtureDistribution, Equatable {
    /// The mixture itself.
    public let mixture: GaussianMixture

    /// The grid.
    public init() {
        let divisor: Float = 2.828
        let places: [Float] = (-2...2).map { 2 * Float($0) / divisor }
        let means: [Float] = places.flatMap { y in places.flatMap { x in [x, y] } }
        mixture = GaussianMixture(
            dimensions: 2, means: means,
            standardDeviations: [Float](repeating: 0.05 / divisor, count: 25))
    }
}
