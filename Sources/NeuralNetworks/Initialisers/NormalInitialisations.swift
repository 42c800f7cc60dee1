package import StrictYAML

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
