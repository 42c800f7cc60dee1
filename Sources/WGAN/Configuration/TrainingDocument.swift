import Foundation
public import StrictYAML

/// The settings of a preset or a file with the overrides of a command line, in our keys.
public struct TrainingDocument {
    /// The settings, ready to be read.
    public let document: ConfigurationDocument
    /// The file's own settings where it has the keys of the AIDL21-SAGAN project.
    public let foreign: AIDL21Settings?

    /// Reads a preset or a file and applies overrides.
    ///
    /// A file with the key `arch` has the keys of the AIDL21-SAGAN project; overrides of those keys
    /// are applied before it is converted, others after it.
    ///
    /// - Parameters:
    ///   - argument: A preset's name or a file's path, as for
    ///     `TrainingConfiguration.document(presetOrFile:)`.
    ///   - overrides: Such as `seed=2`, in order.
    /// - Throws: A `ConfigurationError` for a preset or file that there is not, for one that is no
    ///   well-formed mapping, for wrong overrides, and for foreign settings that make no sense.
    public init(
        presetOrFile argument: String, overrides: [String] = []
    ) throws(ConfigurationError) {
        let document = try TrainingConfiguration.document(presetOrFile: argument)
        guard document.hasKey(AIDL21Settings.distinctiveKey) else {
            for override in overrides { try document.set(override) }
            (self.document, foreign) = (document, nil)
            return
        }
        for override in overrides where Self.isForeign(override) { try document.set(override) }
        let settings = try AIDL21Settings(document)
        let converted = try ConfigurationDocument(
            yaml: settings.configurationYAML, file: "\(argument), converted",
            taggedKeys: TrainingConfiguration.taggedKeys)
        for override in overrides where !Self.isForeign(override) { try converted.set(override) }
        (self.document, foreign) = (converted, settings)
    }

    /// The training that the settings describe.
    ///
    /// - Throws: A `ConfigurationError` for settings that are missing, unknown, out of range, or do
    ///   not fit each other.
    public func configuration() throws(ConfigurationError) -> TrainingConfiguration {
        try TrainingConfiguration(document, notes: foreign?.notes ?? [])
    }

    private static func isForeign(_ override: String) -> Bool {
        let key = override.prefix { $0 != "=" && $0 != "." }
            .trimmingCharacters(in: .whitespaces)
        return AIDL21Settings.keys.contains(key)
    }
}
