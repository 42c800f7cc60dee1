import Foundation
public import Philox

/// A fixed sample of Gaussians on a ring, moved and scaled to fit the square −1…1: the points of
/// which a finite data set would consist, each as likely as any other.
///
/// The mean of component k of n is `radius · (sin 2πk/n, cos 2πk/n)` before the sample is moved so
/// that its mean is the origin and divided by its largest coordinate.
///
/// Source: the data of a TensorFlow 1 program on five Gaussians, which draws them in this way.
public struct SampledRing: MixtureDistribution, Equatable {
    /// The points of the sample, `[count · pointsEach, 2]`, in −1…1.
    public let cloud: PointCloud
    /// What the points are a sample of, moved and scaled as they are.
    public let mixture: GaussianMixture

    /// A sample.
    ///
    /// - Parameters:
    ///   - count: How many Gaussians, 1 or more.
    ///   - radius: The distance of their means from the centre before scaling, 0 or more.
    ///   - standardDeviation: Along each axis, before scaling, 0 or more.
    ///   - pointsEach: Points of each Gaussian, from 1 to 1 000 000 in all.
    ///   - seed: Which sample.
    /// - Throws: ``DistributionError`` or ``PointCloudError`` when a number is out of range.
    public init(
        count: Int = 5, radius: Float = 1, standardDeviation: Float = 0.111_803_4,
        pointsEach: Int = 100, seed: UInt64 = 0
    ) throws {
        try GaussianMixture.check(count: count)
        guard radius.isFinite, radius >= 0 else { throw DistributionError.radius(radius) }
        try GaussianMixture.check(scale: standardDeviation)
        guard (1...GaussianMixture.maximumCount).contains(pointsEach),
            pointsEach <= GaussianMixture.maximumCount / count
        else { throw PointCloudError.shape(values: 2 * pointsEach, dimensions: 2) }
        let means: [Float] = (0..<count).flatMap { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return [radius * Float(sin(angle)), radius * Float(cos(angle))]
        }
        var random = RandomStream(seed: seed, stream: ReservedStream.keptRing)
        let points = (0..<count).flatMap { component in
            (0..<2 * pointsEach).map { place in
                means[2 * component + place % 2] + standardDeviation * random.nextNormal()
            }
        }
        let scaling = try PointCloud(points, dimensions: 2).scaling
        cloud = scaling(points)
        mixture = GaussianMixture(
            dimensions: 2, means: scaling(means).points,
            standardDeviations: [Float](
                repeating: standardDeviation / scaling.divisor, count: count))
    }

    /// Overwrites a buffer with independent choices `[count, 2]` of the points.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) { cloud.fill(points, using: &random) }
}
