import Philox

/// A scheme that says how each kind of parameter begins.
public protocol Initialisation: Sendable {
    /// How a trainable parameter is drawn.
    ///
    /// - Parameters:
    ///   - role: What the parameter is for.
    ///   - fans: The connections of the weight that the parameter is or belongs to.
    func distribution(for role: Parameter.Role, fans: Fans) -> Distribution
}

/// The connections of a weight: how many numbers each output sums, and each input feeds.
///
/// Counted by PyTorch's rule from the weight's extents: axis 1 times the kernel's area, and axis 0
/// times the kernel's area. For a transposed convolution, whose axes are exchanged, `fanIn` is
/// therefore outputs × area.
public struct Fans: Hashable, Sendable {
    /// Axis 1 of the weight times the kernel's area.
    public let fanIn: Int
    /// Axis 0 of the weight times the kernel's area.
    public let fanOut: Int

    /// Fans already counted.
    public init(_ fanIn: Int, _ fanOut: Int) {
        self.fanIn = fanIn
        self.fanOut = fanOut
    }
}

extension Parameter.Role {
    /// How parameters begin about which a scheme has no opinion: factors at one, the rest at zero.
    package var neutral: Distribution {
        switch self {
        case .normScale, .runningVariance: .constant(1)
        default: .constant(0)
        }
    }

    /// A weight N(0, variance/fanIn); all else as ``neutral``.
    func normal(variance: Double, _ fans: Fans) -> Distribution {
        guard isWeight else { return neutral }
        return .normal(mean: 0, deviation: (variance / Double(max(fans.fanIn, 1))).squareRoot())
    }

    /// Whether the parameter is a weight: something that a random draw must tell apart.
    package var isWeight: Bool {
        switch self {
        case .linearWeight, .convolutionWeight, .transposedConvolutionWeight, .embeddingWeight: true
        default: false
        }
    }
}

/// How the numbers of a parameter are drawn before training.
public enum Distribution: Hashable, Sendable {
    /// Every number is the given one.
    case constant(Double)
    /// Uniform in −bound…bound, with a bound of at least zero.
    case uniform(bound: Double)
    /// Normal, with the given mean and standard deviation; the latter at least zero.
    case normal(mean: Double, deviation: Double)

    /// Numbers drawn from `stream`.
    func sample(_ count: Int, from stream: inout RandomStream) -> [Float] {
        switch self {
        case .constant(let value):
            return [Float](repeating: Float(value), count: count)
        case .uniform(let bound):
            return (0..<count).map { _ in Float(bound) * (2 * stream.nextUniform() - 1) }
        case .normal(let mean, let deviation):
            return (0..<count).map { _ in Float(mean) + Float(deviation) * stream.nextNormal() }
        }
    }
}
