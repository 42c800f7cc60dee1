import Philox
package import StrictYAML

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

/// Weights N(0, 2/fanIn) and biases N(0, 2/fanOut): the standard deviation 1/√(n/2).
///
/// He's variance, as early TensorFlow programs for toy distributions have it: n is the first extent
/// of weights `[inputs, outputs]` and of biases `[outputs]` alike.
public struct FanInNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights and biases as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight || role == .bias else { return role.neutral }
        let extent = role == .bias ? fans.fanOut : fans.fanIn
        return .normal(mean: 0, deviation: 1 / (Double(max(extent, 1)) / 2).squareRoot())
    }
}

extension Initialisation where Self == FanInNormalInitialisation {
    /// Weights with standard deviation 1/√(fanIn/2), biases with 1/√(fanOut/2).
    public static var fanInNormal: Self { Self() }
}

extension FanInNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "fanInNormal"
}

/// Weights N(0, 2/fanIn), which keeps the variance through layers with ReLU; biases zero.
///
/// Source: He et al. 2015, section 2.2, arXiv:1502.01852.
public struct HeNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        role.normal(variance: 2, fans)
    }
}

extension Initialisation where Self == HeNormalInitialisation {
    /// He's normal scheme for layers with ReLU.
    public static var heNormal: Self { Self() }
}

extension HeNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "heNormal"
}

/// Weights N(0, 1/fanIn), which keeps the variance through linear layers; biases zero.
///
/// R3GAN's networks begin so outside of their residual blocks.
///
/// Source: LeCun et al. 1998, section 4.6 of Efficient BackProp; Huang et al. 2024,
/// arXiv:2501.05441.
public struct LecunNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        role.normal(variance: 1, fans)
    }
}

extension Initialisation where Self == LecunNormalInitialisation {
    /// LeCun's normal scheme for linear layers.
    public static var lecunNormal: Self { Self() }
}

extension LecunNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "lecunNormal"
}

/// Weights uniform with variance 2/(fanIn + fanOut), which keeps it through linear layers both
/// ways; biases zero.
///
/// Source: Glorot and Bengio 2010, eq. 16.
public struct XavierInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights in ±√(6/(fanIn + fanOut)); scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight else { return role.neutral }
        return .uniform(bound: (6 / Double(max(fans.fanIn + fans.fanOut, 1))).squareRoot())
    }
}

extension Initialisation where Self == XavierInitialisation {
    /// Glorot's uniform scheme.
    public static var xavier: Self { Self() }
}

extension XavierInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "xavier"
}

/// PyTorch's defaults: weights and biases uniform in ±1/√fanIn, embeddings standard normal.
///
/// Its `kaiming_uniform_` with a = √5 is this distribution.
public struct PyTorchInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights, biases and embeddings as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        switch role {
        case .embeddingWeight: .normal(mean: 0, deviation: 1)
        case _ where role.isWeight || role == .bias:
            .uniform(bound: 1 / Double(max(fans.fanIn, 1)).squareRoot())
        default: role.neutral
        }
    }
}

extension Initialisation where Self == PyTorchInitialisation {
    /// PyTorch's defaults.
    public static var pyTorch: Self { Self() }
}

extension PyTorchInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "pyTorch"
}

/// Weights N(0, deviation²) whatever their fans; biases zero, scales one.
public struct NormalInitialisation: Initialisation {
    /// The standard deviation of the weights.
    public let deviation: Double

    /// Weights with this standard deviation, at least zero.
    public init(deviation: Double = 0.02) { self.deviation = deviation }

    /// Weights as above, embeddings too; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        role.isWeight ? .normal(mean: 0, deviation: deviation) : role.neutral
    }
}

extension Initialisation where Self == NormalInitialisation {
    /// Weights N(0, deviation²) whatever their fans.
    public static func normal(deviation: Double) -> Self { Self(deviation: deviation) }
}

extension NormalInitialisation: ConfigurableInitialisation {
    /// `normal`, or `normal: 0.05`.
    package static let configurationName = "normal"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "deviation")
        self.init(deviation: try section.value("deviation", .number(minimum: 0), default: 0.02))
    }
}

/// Weights N(0, 0.02²), scales of normalisations N(1, 0.02²), biases and shifts zero.
///
/// Source: Radford et al. 2015, section 3, arXiv:1511.06434.
public struct DCGANInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights, embeddings too, and scales as above; running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        switch role {
        case .normScale: .normal(mean: 1, deviation: 0.02)
        case _ where role.isWeight: .normal(mean: 0, deviation: 0.02)
        default: role.neutral
        }
    }
}

extension Initialisation where Self == DCGANInitialisation {
    /// The scheme of DCGAN.
    public static var dcgan: Self { Self() }
}

extension DCGANInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "dcgan"
}
