import Foundation
public import Philox

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

    /// The roll.
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
