import Foundation
public import Philox

/// A distribution that is a Gaussian mixture: its modes are known, so that coverage can be
/// measured.
public protocol MixtureDistribution: PointDistribution {
    /// The mixture itself.
    var mixture: GaussianMixture { get }
}

extension MixtureDistribution {
    /// How many coordinates a point has.
    public var dimensions: Int { mixture.dimensions }

    /// The centres of the modes, row-major `[modes, dimensions]`.
    public var means: [Float] { mixture.means }

    /// The standard deviation along each axis, one number per mode: `[modes]`.
    public var standardDeviations: [Float] { mixture.standardDeviations }

    /// How many modes there are.
    public var modeCount: Int { mixture.standardDeviations.count }

    /// Overwrites a buffer with independent points `[count, dimensions]`, without allocating.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        mixture.fill(points, using: &random)
    }
}

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

/// The "25 Gaussians" of WGAN-GP: a 5×5 grid centred on the origin.
///
/// Spacing 2 and standard deviation 0.05, both divided by 2.828, which gives the points roughly
/// unit variance; row by row from the lower left.
///
/// Source: the toy data of Gulrajani et al. 2017, arXiv:1704.00028.
public struct GaussianGrid25: MixtureDistribution, Equatable {
    /// The mixture itself.
    public let mixture: GaussianMixture

    /// The grid has no settings; each of its Gaussians is as likely as any other.
    public init() {
        let divisor: Float = 2.828
        let places: [Float] = (-2...2).map { 2 * Float($0) / divisor }
        let means: [Float] = places.flatMap { y in places.flatMap { x in [x, y] } }
        mixture = GaussianMixture(
            dimensions: 2, means: means,
            standardDeviations: [Float](repeating: 0.05 / divisor, count: 25))
    }
}
