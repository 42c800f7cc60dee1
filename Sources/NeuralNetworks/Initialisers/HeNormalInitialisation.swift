/// Weights N(0, 2/fanIn), which keeps the variance through layers with ReLU; biases zero.
///
/// Source: He et al. 2015, section 2.2, arXiv:1502.01852.
public struct HeNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
