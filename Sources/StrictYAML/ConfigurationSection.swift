import Files

/// A strict view of one mapping of a configuration.
///
/// Every method that reads a key makes it known; `finish()` refuses the keys that stayed unknown.
/// What was read is recorded, with its default where the key is absent, for
/// `ConfigurationDocument.resolvedYAML`. All reading methods throw a `ConfigurationError` that
/// names the key, its place, what was expected and what was found.
public final class ConfigurationSection {
    /// The dotted path from the root, empty for the root: `critic.optimiser.adam`.
    public var path: String { shown(keys) }

    /// Where the section starts: its key, its kind's name or, for the root, its first key.
    public let location: ConfigurationLocation

    let keys: [String]
    private let vocabulary: Vocabulary
    private var entries: [SettingNode.Entry]
    private var unclaimedShorthand: SettingNode?
    private var knownKeys: [String] = []
    private var handedOut: [String: [ConfigurationSection]] = [:]
    private(set) var resolved: [(key: String, value: ResolvedValue)] = []
    var descriptions: [SettingDescription] = []

    /// A view of a mapping. Null is an empty mapping; another value is a shorthand, to be claimed.
    init(
        _ node: SettingNode, path keys: [String], location: ConfigurationLocation,
        vocabulary: Vocabulary
    ) {
        self.keys = keys
        self.vocabulary = vocabulary
        self.location = location
        if case .mapping(let entries, let shorthand) = node.content {
            self.entries = entries
            unclaimedShorthand = shorthand
        } else {
            entries = []
            unclaimedShorthand = node.isNull ? nil : node
        }
    }

    /// Whether a value, null included, was given for a key. Asking does not make the key known.
    public func has(_ key: String) -> Bool { entry(key) != nil }

    /// Whether a mapping was given for a key. Asking does not make the key known.
    package func hasSettings(_ key: String) -> Bool { entry(key)?.value.isMapping == true }

    /// Whether a key's value is of the kind `kind`. Asking does not make the key known.
    func namesKind(_ key: String, _ kind: String) -> Bool {
        entry(key)?.value.isKind(kind) == true
    }

    /// Whether null was given for a key, which then counts as read.
    public func isNull(_ key: String) -> Bool {
        guard let entry = entry(key), entry.value.isNull else { return false }
        markKnown(key)
        record(.null, for: key)
        return true
    }

    /// Takes a value that stands in place of the settings, as in `linear: 100`, for one of the
    /// keys. Call it before reading; without it such a value is an error.
    public func shorthand(for key: String) {
        guard let value = unclaimedShorthand else { return }
        unclaimedShorthand = nil
        // An override of the key is newer than the shorthand that it was given beside.
        guard entry(key) == nil else { return }
        entries.insert(.init(key: key, keyLocation: value.location, value: value), at: 0)
    }

    /// An error about the value of a key, for rules that this reader cannot know.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - message: What is wrong and what to do, to follow the key's name:
    ///     `must be a multiple of the batch size, but is 7`.
    public func invalid(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(
            location: entry(key)?.value.location ?? location,
            message: "'\(path(to: key))' \(message)")
    }

    /// Refuses the first key that nothing has read, here and in all sections handed out.
    ///
    /// - Throws: A `ConfigurationError` that names the key and the nearest known one.
    public func finish() throws(ConfigurationError) {
        try refuseShorthand()
        for entry in entries {
            guard knownKeys.contains(entry.key) else { throw unknownKey(entry, among: knownKeys) }
            for section in handedOut[entry.key] ?? [] { try section.finish() }
        }
    }
}

extension ConfigurationSection {
    /// The value of a key, null included, which becomes known.
    func read(_ key: String) throws(ConfigurationError) -> SettingNode? {
        try refuseShorthand()
        markKnown(key)
        return entry(key)?.value
    }

    /// The place of a key, or of the section where the key is absent.
    func keyLocation(_ key: String) -> ConfigurationLocation {
        entry(key)?.keyLocation ?? location
    }

    /// A view of a value below this section.
    func below(
        _ node: SettingNode, path: [String], location: ConfigurationLocation
    ) -> ConfigurationSection {
        ConfigurationSection(node, path: path, location: location, vocabulary: vocabulary)
    }

    /// Remembers what a key was resolved to; reading it again replaces that.
    func record(_ value: ResolvedValue, for key: String) {
        if let index = resolved.firstIndex(where: { $0.key == key }) {
            resolved[index].value = value
        } else {
            resolved.append((key, value))
        }
    }

    /// Sections that `finish()` goes through; a key that is read again gets the same ones.
    func handOut(
        _ key: String, _ make: () throws(ConfigurationError) -> [ConfigurationSection]
    ) throws(ConfigurationError) -> [ConfigurationSection] {
        if let sections = handedOut[key] { return sections }
        let sections = try make()
        handedOut[key] = sections
        return sections
    }

    /// The sections handed out for a key.
    func sections(under key: String) -> [ConfigurationSection] { handedOut[key] ?? [] }

    func path(to key: String) -> String { shown(keys + [key]) }

    /// A path for people.
    func shown(_ path: [String]) -> String { path.joined(separator: ".").shown(limit: 200) }

    /// The error for a key that must be given; where it was given under another name, about that.
    func missing(_ key: String, expected: String) -> ConfigurationError {
        misnamed([key])
            ?? ConfigurationError(
                location: location, message: "'\(path(to: key))' is missing; give it \(expected)")
    }

    /// The error for the first key nobody has read yet that is probably one of `keys`, all of them
    /// absent; nil where there is none.
    func misnamed(_ keys: [String]) -> ConfigurationError? {
        let entry = entries.first { entry in
            !knownKeys.contains(entry.key)
                && (NearestName.find(entry.key, among: keys) != nil
                    || !vocabulary.names(for: entry.key, among: keys).isEmpty)
        }
        return entry.map { unknownKey($0, among: keys) }
    }

    func mismatch(
        _ path: String, expected: String, found node: SettingNode
    ) -> ConfigurationError {
        ConfigurationError(
            location: node.location,
            message: "'\(path)' must be \(expected), but is \(node.summary)")
    }

    private func entry(_ key: String) -> SettingNode.Entry? { entries.first { $0.key == key } }

    private func markKnown(_ key: String) {
        if !knownKeys.contains(key) { knownKeys.append(key) }
    }

    private func refuseShorthand() throws(ConfigurationError) {
        guard let unclaimedShorthand else { return }
        throw mismatch(path, expected: "a mapping of settings", found: unclaimedShorthand)
    }

    /// - Parameter known: The keys among which the one that was meant is looked for.
    private func unknownKey(
        _ entry: SettingNode.Entry, among known: [String]
    ) -> ConfigurationError {
        let place = keys.isEmpty ? vocabulary.place(of: entry.key) : nil
        let remedy =
            if let place {
                "it is \(place) here"
            } else if let remedy = remedy(for: entry.key, among: known) {
                remedy
            } else if known.isEmpty {
                "remove it, as there is nothing to set here"
            } else {
                "known here: \(listed(known))"
            }
        return ConfigurationError(
            location: entry.keyLocation,
            message: "unknown key '\(path(to: entry.key))'; \(remedy)")
    }

    /// The place of a setting that other programs have at the top, or the key of this section, the
    /// root, that was read and is probably meant by `name`; nil where there is none.
    package func place(of name: String) -> String? {
        vocabulary.place(of: name)
            ?? knownKeys.first { Vocabulary.isSame($0, name) }
            ?? vocabulary.names(for: name, among: knownKeys).first
            ?? NearestName.find(name, among: knownKeys)
    }

    /// Which known name was probably meant; nil where none was.
    func remedy(for name: String, among known: [String]) -> String? {
        let isKnown = known.contains { Vocabulary.isSame($0, name) }
        let ours = isKnown ? [] : vocabulary.names(for: name, among: known)
        guard ours.isEmpty else { return "it is called \(listed(ours.map { "'\($0)'" })) here" }
        return NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
    }
}

extension ConfigurationSection {
    /// The value of a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - kind: What the key may hold: `.integer(minimum: 1)`, `.list(of: .number())`.
    ///   - fallback: The value where the key is absent; without it the key is required.
    public func value<Value>(
        _ key: String, _ kind: SettingKind<Value>, default fallback: Value? = nil
    ) throws(ConfigurationError) -> Value {
        describe(key, kind.expected, fallback: fallback.map { kind.resolve($0).line })
        if let value = try given(key, kind) { return value }
        guard let fallback else { throw missing(key, expected: kind.expected) }
        record(kind.resolve(fallback), for: key)
        return fallback
    }

    /// The value of a key, or nil where it is absent or null.
    public func optional<Value>(
        _ key: String, _ kind: SettingKind<Value>
    ) throws(ConfigurationError) -> Value? {
        describe(key, kind.expected, fallback: SettingDescription.none)
        return isNull(key) ? nil : try given(key, kind)
    }

    /// What one of several names stands for.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - choices: Each allowed name with its meaning.
    ///   - fallback: The name where the key is absent; without it the key is required.
    public func choice<Choice>(
        _ key: String, of choices: [String: Choice], default fallback: String? = nil
    ) throws(ConfigurationError) -> Choice {
        let meant = fallback.map { name in
            guard let choice = choices[name] else {
                preconditionFailure("the default of '\(path(to: key))' is none of its choices")
            }
            return (name: name, choice: choice)
        }
        return try value(key, .name(of: choices), default: meant).choice
    }

    private func given<Value>(
        _ key: String, _ kind: SettingKind<Value>
    ) throws(ConfigurationError) -> Value? {
        guard let node = try read(key) else { return nil }
        guard let value = kind.decode(node) else {
            throw mismatch(path(to: key), expected: kind.expected, found: node)
        }
        record(kind.resolve(value), for: key)
        return value
    }
}

/// What a reader asks of a key, for a reference of all keys.
package struct SettingDescription: Hashable, Sendable {
    /// The keys, names of kinds and indices of lists from the root to the key.
    package let path: [String]
    /// What the value must be, with its article and its range.
    package let expected: String
    /// The value where the key is absent, as YAML; nil where the key must be given.
    package let fallback: String?

    /// The fallback of a key that may be absent.
    static let none = "none"
}

extension ConfigurationDocument {
    /// What was asked of all keys so far, in the order of reading.
    package var descriptions: [SettingDescription] { root.allDescriptions }
}

extension ConfigurationSection {
    /// What was asked of this section's keys and of those below, depth first.
    fileprivate var allDescriptions: [SettingDescription] {
        descriptions.flatMap { description in
            [description]
                + (sections(under: description.path.last ?? "").flatMap(\.allDescriptions))
        }
    }

    /// Remembers what is asked of a key; nothing new where it was asked for already.
    func describe(_ key: String, _ expected: String, fallback: String?) {
        let description = SettingDescription(
            path: keys + [key], expected: expected, fallback: fallback)
        if !descriptions.contains(where: { $0.path == description.path }) {
            descriptions.append(description)
        }
    }
}

extension ResolvedValue {
    /// The value on one line, without the mark of a document's end.
    var line: String { String(yaml.prefix { !$0.isNewline }) }
}
