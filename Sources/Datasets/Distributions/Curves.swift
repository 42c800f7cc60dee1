import Foundation
public import Philox

/// Circles around the origin of the plane, one in the other, with normal noise.
///
/// Ring k of n, counted from 1, has the radius `radius · k / n`; every ring is as likely as any
/// other.
public struct Rings: PointDistribution, Equatable {
    /// Points of the plane.
    public let dimensions = 2
    /// How many rings there are.
    public let count: Int
    /// The radius of the outermost ring.
    public let radius: Float
    /// The standard deviation of the noise along each axis.
    public let noise: Float

    /// Rings.
    ///
    /// - Parameters:
    ///   - count: How many, 1 or more.
    ///   - radius: Of the outermost, 0 or more.
    ///   - noise: The standard deviation along each axis, 0 or more.
    /// - Throws: ``DistributionError`` when a number is out of range.
    public init(count: Int = 2, radius: Float = 1, noise: Float = 0.02) throws {
        try GaussianMixture.check(count: count)
        guard radius.isFinite, radius >= 0 else { throw DistributionError.radius(radius) }
        try GaussianMixture.check(scale: noise)
        self.count = count
        self.radius = radius
        self.noise = noise
    }

    /// Overwrites a buffer with independent points `[count, 2]`, without allocating.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        precondition(points.count.isMultiple(of: 2), "the buffer must hold whole points")
        for start in stride(from: 0, to: points.count, by: 2) {
            let ring = (UInt64(random.nextBits()) * UInt64(count)) >> 32
            let distance = radius * Float(ring + 1) / Float(count)
            let angle = 2 * Float.pi * random.nextUniform()
            points[start] = distance * cosf(angle) + noise * random.nextNormal()
            points[start + 1] = distance * sinf(angle) + noise * random.nextNormal()
        }
    }
}

/// The Swiss roll of WGAN-GP: a noisy spiral in the plane.
///
/// `(t·cos t, t·sin t) / 7.5` with `t = 1.5π·(1 + 2u)`, u uniform in 0…1, and normal noise of
/// standard deviation 0.25 added before the division.
///
/// Source: the toy data of Gulrajani et al. 2017, arXiv:1704.00028: coordinates 0 and 2 of
/// scikit-learn's `make_swiss_roll`, after Marsland 2009, "Machine Learning: An Algorithmic
/// Perspective", chapter 10.
public struct SwissRoll: PointDistribution, Equatable {
    /// Points of the plane.
    public let dimensions = 2

    /// The roll has no settings.
    public init() {}

    /// Overwrites a buffer with independent points `[count, 2]`, without allocating.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        precondition(points.count.isMultiple(of: 2), "the buffer must hold whole points")
        for start in stride(from: 0, to: points.count, by: 2) {
            let angle = 1.5 * Float.pi * (1 + 2 * random.nextUniform())
            points[start] = (angle * cosf(angle) + 0.25 * random.nextNormal()) / 7.5
            points[start + 1] = (angle * sinf(angle) + 0.25 * random.nextNormal()) / 7.5
        }
    }
}

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
