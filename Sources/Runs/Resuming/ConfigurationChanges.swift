import StrictYAML
package import WGAN

/// The settings that are changed where a training goes on.
public struct ConfigurationChanges: Sendable {
    private let overrides: [String]
    private let steps: Int?
    /// The folder that the data's files are in now; nil for where they were.
    let data: String?

    /// Changes of a run's settings.
    ///
    /// - Parameters:
    ///   - overrides: Of single settings, such as `critic.optimiser.adam.learningRate=1e-4`.
    ///   - steps: Steps of the whole training, those done among them; nil for the configuration's
    ///     length.
    ///   - data: The folder with the data's files; nil for the one that the training began with.
    public init(overrides: [String] = [], steps: Int? = nil, data: String? = nil) {
        (self.overrides, self.steps, self.data) = (overrides, steps, data)
    }

    /// Whether the user says what the data is.
    var nameData: Bool { data != nil || !dataOverrides.isEmpty }

    private var dataOverrides: [String] {
        overrides.filter { override in
            let key = override.prefix { $0 != "=" }.filter { !$0.isWhitespace }
            return Self.isWithin(key, "data")
        }
    }

    /// A complete configuration with the settings of today and the data where it is now: files
    /// that have gone need not be there.
    ///
    /// - Parameter document: The configuration, of which nothing has been read.
    func resolved(_ document: ConfigurationDocument) throws -> String {
        try TrainingConfiguration(changed(document, by: dataOverrides), isSaved: true)
            .resolvedYAML
    }

    /// A saved configuration with the changes.
    ///
    /// - Parameter yaml: A complete configuration.
    package func applied(to yaml: String) throws -> TrainingConfiguration {
        let document = try changed(Self.document(yaml), by: overrides)
        if let steps { try document.set("steps=\(steps)") }
        do throws(ConfigurationError) {
            return try TrainingConfiguration(document, isSaved: true)
        } catch {
            guard case .override("steps") = error.location, steps != nil else { throw error }
            throw RunFailure.unusable("--steps: \(error.message)")
        }
    }

    private func changed(
        _ document: ConfigurationDocument, by overrides: [String]
    ) throws(ConfigurationError) -> ConfigurationDocument {
        for override in overrides { try document.set(override) }
        if let data { try DataCatalogue.relocate(document, to: data) }
        return document
    }

    /// The keys in which two configurations differ and which no change covers.
    ///
    /// - Parameters:
    ///   - written: The complete configuration in the run's folder.
    ///   - saved: That of the checkpoint.
    func uncovered(written: String, saved: String) throws -> [String] {
        // An earlier version may not have known all settings of today.
        let resolved = try resolved(Self.document(saved))
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
            vocabulary: TrainingConfiguration.vocabulary)
    }
}
