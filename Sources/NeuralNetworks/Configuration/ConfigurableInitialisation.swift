package import StrictYAML

/// A scheme of initial values that configuration files can name.
package protocol ConfigurableInitialisation: ReadFromSettings, Initialisation {}

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
