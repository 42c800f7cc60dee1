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
