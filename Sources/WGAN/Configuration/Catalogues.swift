package import NeuralNetworks
package import StrictYAML

/// A name that configuration files can give a constraint, and how its settings are read.
///
/// Several names can stand for settings of one type.
package protocol ConfigurableConstraint: Configurable {
    /// The constraint that `section` describes.
    static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint
}

/// The constraints that configuration files can name.
package enum ConstraintCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableConstraint.Type] = [
        CombinedConstraint.self, DRAGAN.self, GradientPenalty.self,
        OrthonormalWeights.self, R1.self, R2.self, SpectralProjection.self,
        SpectralReparametrisation.self, WeightClipping.self,
    ]

    /// The constraint that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .read(setting.section)
    }
}

/// An objective that configuration files can name.
package protocol ConfigurableObjective: ReadFromSettings, Objective {}

/// The objectives that configuration files can name.
package enum ObjectiveCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableObjective.Type] = [
        CTransformObjective.self, ClassicalObjective.self, CoWGANObjective.self,
        DiscreteTransportObjective.self, HingeObjective.self, RelativisticObjective.self,
        WassersteinObjective.self,
    ]

    /// The objective that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any Objective {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .init(reading: setting.section)
    }
}
