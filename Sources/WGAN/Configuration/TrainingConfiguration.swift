import Files
import Foundation
public import StrictYAML

/// A training read from a configuration file: ready to begin, but for the data's files.
///
/// ```swift
/// let document = try TrainingConfiguration.document(presetOrFile: "mixture")
/// try document.set("steps=200")
/// let configuration = try TrainingConfiguration(document)
/// ```
public struct TrainingConfiguration: Sendable {
    /// What the training is called, fit to name a folder.
    public let name: String
    /// What the training is about, for people.
    public let summary: String
    /// The networks, which fit the data and each other, and how they are trained.
    public let setup: TrainingSetup
    /// Where real samples come from.
    public let data: any DataConfiguration
    /// How long the training goes on.
    public let length: TrainingLength
    /// What the training leaves behind.
    public let outputs: OutputConfiguration
    /// All settings, defaults included: YAML that reads back to the same training.
    public let resolvedYAML: String
    /// Settings that will probably disappoint: each a sentence with the reason and the remedy.
    public let warnings: [String]

    /// Where a configuration has the setting that people or other programs call `name`, such as
    /// `generator.optimiser.<kind>.learningRate` for `lr`; nil where it has none.
    package static func place(of name: String) -> String? {
        guard let document = try? Presets.all[0].document(), (try? Self(document)) != nil else {
            return nil
        }
        return document.root.place(of: name)
    }

    /// Reads all settings of a document, whose overrides have been applied.
    ///
    /// - Parameters:
    ///   - document: The settings.
    ///   - notes: What ``warnings`` say before what they find themselves.
    ///   - isSaved: Whether the document is that of a run, which an earlier version may have begun:
    ///     what is no longer allowed is then read as if it were not there.
    /// - Throws: A `ConfigurationError` for settings that are missing, unknown, out of range, or do
    ///   not fit each other.
    public init(
        _ document: ConfigurationDocument, notes: [String] = [], isSaved: Bool = false
    ) throws(ConfigurationError) {
        let root = document.root
        name = try Self.name(reading: root)
        summary = try root.value("summary", .text, default: "")
        data = try DataCatalogue.read(root.tagged("data"))
        let networks = try Networks(reading: root, sampleShape: data.sampleShape)
        guard networks.condition == nil || data.hasLabels else {
            throw root.invalid(
                "condition", "needs labels, which this data has not; remove it, or name other data")
        }
        setup = try TrainingSetup(reading: root, networks: networks)
        length = try TrainingLength(reading: root, data: data)
        outputs = try OutputConfiguration(
            reading: root.section("outputs", isRequired: false), data: data, isSaved: isSaved)
        guard setup.condition == nil || outputs.audit == nil else {
            throw root.invalid(
                "outputs",
                "ask for an audit, which there is none of for conditional critics; "
                    + "remove 'audit'")
        }
        try document.finish()
        resolvedYAML = document.resolvedYAML
        let linter = ConfigurationLinter(
            setup: setup, outputs: outputs, length: length, data: data)
        warnings = notes + linter.warnings
    }

    private static func name(
        reading root: ConfigurationSection
    ) throws(ConfigurationError) -> String {
        let name = try root.value("name", .text)
        guard name.isOfFileNames, (1...100).contains(name.utf8.count), !name.hasPrefix(".") else {
            throw root.invalid(
                "name",
                "must be 1 to 100 letters, digits, '-', '_' and '.', not first a dot; it "
                    + "names the run's folder")
        }
        return name
    }
}

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
            vocabulary: TrainingConfiguration.vocabulary)
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

/// How long a training goes on.
public enum TrainingLength: Hashable, Sendable {
    /// So many steps of the trainer.
    case steps(Int)
    /// So many passes of the critic over the real data.
    case epochs(Int)

    /// The trainer's steps: for epochs the fewest in which the critic sees all their batches.
    ///
    /// - Parameters:
    ///   - batchesPerEpoch: Batches in one pass over the data; nil where the data has no end.
    ///   - schedule: Which steps are the critic's.
    /// - Throws: A ``TrainingError`` for epochs of data that has no end.
    public func steps(
        batchesPerEpoch: Int?, schedule: CriticSchedule
    ) throws(TrainingError) -> Int {
        switch self {
        case .steps(let steps): return steps
        case .epochs(let epochs):
            guard let batchesPerEpoch else {
                throw .setting("the data has no end and so no epochs; give the training steps")
            }
            let batches = epochs * batchesPerEpoch
            var (low, high) = (0, 2 * batches + 2)
            while low < high {
                let middle = (low + high) / 2
                if schedule.updates(beforeStep: middle).critic < batches {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low
        }
    }

    /// How many steps a training may have.
    static let stepRange = 1...1_000_000_000

    /// `steps: 1000` or `epochs: 60`.
    init(
        reading section: ConfigurationSection, data: any DataConfiguration
    ) throws(ConfigurationError) {
        switch try section.onlyOne(of: ["steps", "epochs"]) {
        case "steps": self = .steps(try section.value("steps", .integer(in: Self.stepRange)))
        default:
            self = .epochs(try section.value("epochs", .integer(in: 1...1_000_000)))
            guard data.distribution == nil else {
                throw section.invalid(
                    "epochs",
                    "cannot be counted, as the data is a distribution without end; "
                        + "give 'steps' in its place")
            }
        }
    }
}
