import StrictYAML
import WGAN

/// The settings that are changed where a training goes on.
struct ConfigurationChanges {
    private let overrides: [String]
    private let steps: Int?

    init(overrides: [String], steps: Int?) {
        (self.overrides, self.steps) = (overrides, steps)
    }

    /// A saved configuration with the changes.
    ///
    /// - Parameter yaml: A complete configuration.
    func applied(to yaml: String) throws -> TrainingConfiguration {
        let document = try Self.document(yaml)
        for override in overrides { try document.set(override) }
        if let steps { try document.set("steps=\(steps)") }
        do throws(ConfigurationError) {
            return try TrainingConfiguration(document)
        } catch {
            guard case .override("steps") = error.location, steps != nil else { throw error }
            throw CommandFailure("--steps: \(error.message)")
        }
    }

    /// The keys in which two configurations differ and which no change covers.
    ///
    /// - Parameters:
    ///   - written: The complete configuration in the run's folder.
    ///   - saved: That of the checkpoint.
    func uncovered(written: String, saved: String) throws -> [String] {
        // An earlier version may not have known all settings of today.
        let resolved = try TrainingConfiguration(Self.document(saved)).resolvedYAML
        let keys = try Self.document(written).differingKeys(from: Self.document(resolved))
        let named = overrides.map { $0.prefix { $0 != "=" }.filter { !$0.isWhitespace } }
        return keys.filter { key in
            // Epochs are another way to say steps.
            if steps != nil, ["steps", "epochs"].contains(key) { return false }
            return !named.contains { Self.isWithin(key, $0) || Self.isWithin($0, key) }
        }
    }

    /// The first words of the keys in which two configurations differ.
    static func changedSections(from saved: String, to present: String) throws -> Set<String> {
        let keys = try document(present).differingKeys(from: document(saved))
        return Set(keys.map { String($0.prefix { $0 != "." }) })
    }

    private static func isWithin(_ key: String, _ outer: String) -> Bool {
        key == outer || key.hasPrefix(outer + ".")
    }

    /// A configuration as text, ready for overrides.
    static func document(_ yaml: String) throws -> ConfigurationDocument {
        try ConfigurationDocument(
            yaml: yaml, file: "the checkpoint's configuration",
            taggedKeys: TrainingConfiguration.taggedKeys)
    }
}
