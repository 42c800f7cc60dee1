/// A YAML configuration: one file, the overrides given on the command line, and what was read of
/// them.
///
/// Read the settings from `root`, then call `finish()`, which refuses whatever nothing has read;
/// `resolvedYAML` then holds every setting, defaults included.
///
/// ```swift
/// let document = try ConfigurationDocument(
///     yaml: text, file: "run.yaml", taggedKeys: ["optimiser"])
/// try document.set("optimiser.adam.learningRate=1e-3")
/// let seed = try document.root.value("seed", .seed, default: 0)
/// try document.finish()
/// ```
public final class ConfigurationDocument {
    private let taggedKeys: Set<String>
    private(set) var rootNode: SettingNode
    private var rootSection: ConfigurationSection?

    /// The settings of the whole document. Overrides come first: none is taken once this was read.
    public var root: ConfigurationSection {
        if let rootSection { return rootSection }
        let section = ConfigurationSection(rootNode, path: [], location: rootNode.location)
        rootSection = section
        return section
    }

    /// The same settings, of which nothing has been read: overrides can follow what a reading of
    /// this copy shows.
    package var unread: ConfigurationDocument { ConfigurationDocument(rootNode, taggedKeys) }

    private init(_ root: SettingNode, _ taggedKeys: Set<String>) {
        (rootNode, self.taggedKeys) = (root, taggedKeys)
    }

    /// Parses YAML text.
    ///
    /// - Parameters:
    ///   - yaml: At most 1 MiB of YAML with one mapping at its root.
    ///   - file: The name that errors give the text.
    ///   - taggedKeys: The keys whose value, or whose list of values, is one of several kinds:
    ///     `name` or `{name: settings}`. An override whose path goes through such a value with
    ///     another name replaces it.
    /// - Throws: A `ConfigurationError` for anything but one well-formed mapping.
    public init(
        yaml: String, file: String, taggedKeys: Set<String> = []
    ) throws(ConfigurationError) {
        self.taggedKeys = taggedKeys
        let source = YAMLSource.file(file)
        guard let root = try DocumentParser.parse(yaml, from: source), !root.isNull else {
            throw ConfigurationError(
                location: source.location(line: 1, column: 1),
                message: "the document is empty; write at least one 'key: value' line")
        }
        guard case .mapping = root.content else {
            throw ConfigurationError(
                location: root.location,
                message: "the document must be a mapping, but is \(root.summary); "
                    + "write 'key: value' lines")
        }
        rootNode = root
    }

    /// Whether the document has a key at its root. Asking does not count as reading.
    public func hasKey(_ key: String) -> Bool {
        guard case .mapping(let entries, _) = rootNode.content else { return false }
        return entries.contains { $0.key == key }
    }

    /// Applies one command-line override, `path=value`.
    ///
    /// The path names keys, and elements of lists by their index from zero, with dots between. The
    /// value is one YAML value on one line: `1e-3`, `mnist`, `[1, 2]`, `{clipping: {bound: 0.02}}`.
    /// Mappings on the way that do not exist yet are made.
    ///
    /// - Throws: A `ConfigurationError` that names the override; the document is then unchanged.
    /// - Precondition: `root` was not read yet.
    public func set(_ override: String) throws(ConfigurationError) {
        precondition(rootSection == nil, "overrides are applied before anything is read")
        let override = try ConfigurationOverride(override)
        rootNode = try override.applied(to: rootNode, taggedKeys: taggedKeys)
    }

    /// Refuses the first key, in the order of the file, that nothing has read.
    ///
    /// - Throws: A `ConfigurationError` that names the key and the nearest known one.
    public func finish() throws(ConfigurationError) { try root.finish() }

    /// Everything that was read, defaults included, in the order of reading: YAML that reads back
    /// to the same values.
    public var resolvedYAML: String { ResolvedValue.settings(root).yaml }
}
