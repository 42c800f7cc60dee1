/// Weights N(0, 0.02²), scales of normalisations N(1, 0.02²), biases and shifts zero.
///
/// Source: Radford et al. 2015, section 3, arXiv:1511.06434.
public struct DCGANInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
