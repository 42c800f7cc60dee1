import Foundation
public import Philox

/// Two half circles in the plane that reach into each other, with normal noise.
///
/// Half of the points are `(cos t, sin t)`, the others `(1 − cos t, ½ − sin t)`, t uniform in 0…π;
/// the centre `(½, ¼)` is subtracted.
///
/// Source: scikit-learn's `make_moons`, moved to the origin.
public struct TwoMoons: PointDistribution, Equatable {
    /// Points of the plane.
    public let dimensions = 2
    /// The standard deviation of the noise along each axis.
    public let noise: Float

    /// Two moons.
    ///
    /// - Parameter noise: The standard deviation along each axis, 0 or more.
    /// - Throws: ``DistributionError/scale(_:)``.
    public init(noise: Float = 0.1) throws {
        try GaussianMixture.check(scale: noise)
        self.noise = noise
    }

    /// Overwrites a buffer with independent points `[count, 2]`, without allocating.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        precondition(points.count.isMultiple(of: 2), "the buffer must hold whole points")
        for start in stride(from: 0, to: points.count, by: 2) {
            let isUpper = random.nextBits() & 1 == 0
            let angle = Float.pi * random.nextUniform()
            let (x, y) = (cosf(angle) - 0.5, sinf(angle) - 0.25)
            // The lower moon is the upper one, turned half around the centre.
            points[start] = (isUpper ? x : -x) + noise * random.nextNormal()
            points[start + 1] = (isUpper ? y : -y) + noise * random.nextNormal()
        }
    }
}
