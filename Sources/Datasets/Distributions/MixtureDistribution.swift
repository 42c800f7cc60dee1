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
