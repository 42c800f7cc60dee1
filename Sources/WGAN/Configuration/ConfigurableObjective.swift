package import NeuralNetworks
package import StrictYAML

/// An objective that configuration files can name.
package protocol ConfigurableObjective: ReadFromSettings, Objective {}

/// The objectives that configuration files can name.
package enum ObjectiveCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableObjective.Type] = [
        ClassicalObjective.self, HingeObjective.self, RelativisticObjective.self,
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
