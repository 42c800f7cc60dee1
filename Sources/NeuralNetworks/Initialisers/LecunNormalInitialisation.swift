/// Weights N(0, 1/fanIn), which keeps the variance through linear layers; biases zero.
///
/// R3GAN's networks begin so outside of their residual blocks.
///
/// Source: LeCun et al. 1998, section 4.6 of Efficient BackProp; Huang et al. 2024,
/// arXiv:2501.05441.
public struct LecunNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
