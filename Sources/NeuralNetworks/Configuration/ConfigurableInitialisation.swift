package import StrictYAML

/// A scheme of initial values that configuration files can name.
package protocol ConfigurableInitialisation: Configurable, Initialisation {
    /// The scheme that `section` describes.
    init(reading section: ConfigurationSection) throws(ConfigurationError)
}

extension ConfigurableInitialisation where Self: WithoutSettings {
    package init(reading section: ConfigurationSection) throws(ConfigurationError) { self.init() }
}

/// The schemes that configuration files can name.
package enum InitialisationCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableInitialisation.Type] = [
        DCGANInitialisation.self, FanInNormalInitialisation.self, HeNormalInitialisation.self,
        LecunNormalInitialisation.self, NormalInitialisation.self, PyTorchInitialisation.self,
        XavierInitialisation.self,
    ]

    /// The scheme that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any Initialisation {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .init(reading: setting.section)
    }
}
