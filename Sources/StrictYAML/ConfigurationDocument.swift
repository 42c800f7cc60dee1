public import Foundation

/// A YAML configuration: one file, the overrides given on the command line, and what was read of
/// them.
///
/// Read the settings from `root`, then call `finish()`, which refuses whatever nothing has read;
/// `resolvedYAML` then holds every setting, defaults included.
///
/// ```swift
/// let document = try ConfigurationDocument(
///     yaml: text, file: "run.yaml", vocabulary: Vocabulary(taggedKeys: ["optimiser"]))
/// try document.set("optimiser.adam.learningRate=1e-3")
/// let seed = try document.root.value("seed", .seed, default: 0)
/// try document.finish()
/// ```
public final class ConfigurationDocument {
    private let vocabulary: Vocabulary
    private(set) var rootNode: SettingNode
    private var rootSection: ConfigurationSection?

    /// The settings of the whole document. Overrides come first: none is taken once this was read.
    public var root: ConfigurationSection {
        if let rootSection { return rootSection }
        let section = ConfigurationSection(
            rootNode, path: [], location: rootNode.location, vocabulary: vocabulary)
        rootSection = section
        return section
    }

    /// The same settings, of which nothing has been read: overrides can follow what a reading of
    /// this copy shows.
    package var unread: ConfigurationDocument { ConfigurationDocument(rootNode, vocabulary) }

    private init(_ root: SettingNode, _ vocabulary: Vocabulary) {
        (rootNode, self.vocabulary) = (root, vocabulary)
    }

    /// Parses YAML text.
    ///
    /// - Parameters:
    ///   - yaml: At most 1 MiB of YAML with one mapping at its root.
    ///   - file: The name that errors give the text.
    ///   - vocabulary: Which keys name kinds, and what other programs call them.
    /// - Throws: A `ConfigurationError` for anything but one well-formed mapping.
    public init(
        yaml: String, file: String, vocabulary: Vocabulary = Vocabulary()
    ) throws(ConfigurationError) {
        self.vocabulary = vocabulary
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
        rootNode = try override.applied(to: rootNode, taggedKeys: vocabulary.taggedKeys)
    }

    /// Refuses the first key, in the order of the file, that nothing has read.
    ///
    /// - Throws: A `ConfigurationError` that names the key and the nearest known one.
    public func finish() throws(ConfigurationError) { try root.finish() }

    /// Everything that was read, defaults included, in the order of reading: YAML that reads back
    /// to the same values.
    public var resolvedYAML: String { ResolvedValue.settings(root).yaml }
}

extension ConfigurationDocument {
    /// Reads a YAML file.
    ///
    /// - Parameters:
    ///   - url: A file of UTF-8 text, at most 1 MiB. Errors name it as it was written.
    ///   - vocabulary: As in `init(yaml:file:vocabulary:)`.
    /// - Throws: A `ConfigurationError` where the file is missing, a directory, not readable, too
    ///   large or not UTF-8, and for anything but one well-formed mapping.
    public convenience init(
        contentsOf url: URL, vocabulary: Vocabulary = Vocabulary()
    ) throws(ConfigurationError) {
        let file = url.isFileURL ? url.relativePath : url.absoluteString
        let bytes = try Self.read(url, file: file)
        try self.init(bytes: bytes, file: file, vocabulary: vocabulary)
    }

    convenience init(
        bytes: Data, file: String, vocabulary: Vocabulary
    ) throws(ConfigurationError) {
        guard bytes.count <= DocumentParser.maximumSize else {
            throw ConfigurationError(location: .file(file), message: DocumentParser.tooLarge)
        }
        guard let yaml = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                location: YAMLSource.file(file)
                    .location(ofByte: Self.firstInvalidByte(of: bytes), in: bytes),
                message: "the text is not UTF-8 from here on; save the file as UTF-8")
        }
        try self.init(yaml: yaml, file: file, vocabulary: vocabulary)
    }

    private static func read(_ url: URL, file: String) throws(ConfigurationError) -> Data {
        var isDirectory: ObjCBool = false
        guard url.isFileURL,
            FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
        else {
            throw ConfigurationError(
                location: .file(file), message: "there is no such file; check the path")
        }
        guard !isDirectory.boolValue else {
            throw ConfigurationError(
                location: .file(file), message: "this is a directory; name a YAML file in it")
        }
        do {
            // One byte over the limit is enough to see that a file, or a device, has too many.
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            return try handle.read(upToCount: DocumentParser.maximumSize + 1) ?? Data()
        } catch {
            throw ConfigurationError(
                location: .file(file),
                message: "the file cannot be read; check that it is a text file and that its "
                    + "permissions let you read it")
        }
    }

    private static func firstInvalidByte(of bytes: Data) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            offset += scalar.count
        }
        return offset
    }
}
