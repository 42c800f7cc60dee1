package import StrictYAML

/// A type that configuration files call by a name.
///
/// The reading of a type's settings stands in the file of the type, or, where its library knows
/// nothing of YAML, in a file of its kind; a catalogue names the type.
package protocol Configurable: Sendable {
    /// What configuration files call the type: `linear`, `adam`.
    static var configurationName: String { get }
}

/// A type that has a name in configuration files and no settings.
package protocol WithoutSettings {
    init()
}

/// A type that its settings alone describe.
package protocol ReadFromSettings: Configurable {
    /// What `section` describes.
    init(reading section: ConfigurationSection) throws(ConfigurationError)
}

extension ReadFromSettings where Self: WithoutSettings {
    package init(reading section: ConfigurationSection) throws(ConfigurationError) { self.init() }
}

extension ConfigurationSection {
    /// The entry of a catalogue that has the name `kind`, which this section's settings are for.
    ///
    /// - Parameter name: The name of an entry.
    package func entry<Entry>(
        _ kind: String, in catalogue: [Entry], name: (Entry) -> String
    ) throws(ConfigurationError) -> Entry {
        guard let entry = catalogue.first(where: { name($0) == kind }) else {
            throw unknownKind(kind, known: catalogue.map(name))
        }
        return entry
    }

    /// An error about the section as a whole, at its place.
    ///
    /// - Parameter message: What is wrong and what to do, to follow the section's path.
    package func failure(_ message: String) -> ConfigurationError {
        ConfigurationError(location: location, message: "'\(path)' \(message)")
    }
}
