import Files

/// A value that is one of several kinds: the name of the kind and its settings.
public typealias TaggedSection = (kind: String, section: ConfigurationSection)

extension ConfigurationSection {
    /// The settings below a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - isRequired: Whether the key must be given; otherwise its absence is an empty section,
    ///     all defaults.
    public func section(
        _ key: String, isRequired: Bool = true
    ) throws(ConfigurationError) -> ConfigurationSection {
        describe(key, Expected.mapping, fallback: isRequired ? nil : "{}")
        if let section = try optionalSection(key, nullIsAbsent: false) { return section }
        if isRequired { throw missing(key, expected: Expected.mapping) }
        let section = try handOutOne(key) {
            below(.null(at: location), path: keys + [key], location: location)
        }
        record(.settings(section), for: key)
        return section
    }

    /// The settings below a key, or nil where it is absent or null.
    public func optionalSection(_ key: String) throws(ConfigurationError) -> ConfigurationSection? {
        describe(key, Expected.mapping, fallback: SettingDescription.none)
        return try optionalSection(key, nullIsAbsent: true)
    }

    /// The settings below a key, or nil where it is absent or null; a list in their place is a
    /// shorthand, see `shorthand(for:)`.
    public func optionalSectionOrList(
        _ key: String
    ) throws(ConfigurationError) -> ConfigurationSection? {
        describe(key, Expected.mappingOrList, fallback: SettingDescription.none)
        return try optionalSection(key, nullIsAbsent: true, allowsList: true)
    }

    /// The settings of a value of the kind `kind`; nil where the value is no such.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - kind: The name of the kind.
    ///   - fallback: What other readers of the key take where it is absent.
    public func tagged(
        _ key: String, ifKind kind: String, default fallback: String
    ) throws(ConfigurationError) -> ConfigurationSection? {
        guard namesKind(key, kind) else { return nil }
        return try tagged(key, default: fallback).section
    }

    /// One of several kinds: a bare name, or a name with its settings (`{adam: {beta1: 0}}`) or
    /// with a shorthand for them (`{linear: 100}`, see `shorthand(for:)`).
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - fallback: The kind where the key is absent; without it the key is required.
    public func tagged(
        _ key: String, default fallback: String? = nil
    ) throws(ConfigurationError) -> TaggedSection {
        describe(key, Expected.tagged, fallback: fallback)
        if let tagged = try givenTagged(key) { return tagged }
        guard let fallback else { throw missing(key, expected: Expected.tagged) }
        let section = try handOutOne(key) {
            below(
                .null(at: location), path: keys + [key, fallback], location: location)
        }
        record(.tagged((fallback, section)), for: key)
        return (fallback, section)
    }

    /// A list whose elements are each one of several kinds. The key is required.
    public func taggedList(_ key: String) throws(ConfigurationError) -> [TaggedSection] {
        let sections = try list(key, Expected.taggedList, of: kindSection)
        let list = sections.map { ($0.kind, $0) }
        record(.taggedList(list), for: key)
        return list
    }

    /// A list of mappings, each with settings of its own. The key is required.
    public func sections(_ key: String) throws(ConfigurationError) -> [ConfigurationSection] {
        let sections = try list(key, "a list of mappings") {
            (node, path) throws(ConfigurationError) in
            guard node.isMapping else {
                throw mismatch(shown(path), expected: Expected.mapping, found: node)
            }
            return below(node, path: path, location: node.location)
        }
        record(.settingsList(sections), for: key)
        return sections
    }

    /// Which of several keys is given, where they exclude each other; an override on the command
    /// line replaces what the file says.
    ///
    /// All the keys count as read; only the one returned is then to be read.
    public func onlyOne(of keys: [String]) throws(ConfigurationError) -> String {
        var given: [String] = []
        for key in keys {
            if let node = try read(key), !node.isNull { given.append(key) }
        }
        guard let first = given.first else {
            throw misnamed(keys)
                ?? ConfigurationError(
                    location: location,
                    message: "none of \(quoted(keys)) is given; give one of them")
        }
        let overrides = given.filter { key in
            if case .override = keyLocation(key) { true } else { false }
        }
        if given.count == 1 { return first }
        if overrides.count == 1 { return overrides[0] }
        throw ConfigurationError(
            location: keyLocation(given[1]),
            message: "\(quoted(given)) exclude each other; keep one of them")
    }

    private func quoted(_ keys: [String]) -> String { listed(keys.map { "'\(path(to: $0))'" }) }

    /// The error for a kind, read from this section's name, that is none of the known ones.
    public func unknownKind(_ kind: String, known: [String]) -> ConfigurationError {
        let remedy = remedy(for: kind, among: known) ?? "known kinds: \(listed(known))"
        let owner = shown(Array(keys.dropLast()))
        return ConfigurationError(
            location: location,
            message: "unknown kind '\(kind.shown(limit: 60))' for '\(owner)'; \(remedy)")
    }
}

extension ConfigurationSection {
    private enum Expected {
        static let mapping = "a mapping of settings"
        static let mappingOrList = "a mapping of settings, or a list"
        static let tagged = "a name, or one name with its settings"
        static let taggedList = "a list of names, each alone or with its settings"
    }

    /// The name of the kind whose settings these are.
    private var kind: String { keys.last ?? "" }

    private func optionalSection(
        _ key: String, nullIsAbsent: Bool, allowsList: Bool = false
    ) throws(ConfigurationError) -> ConfigurationSection? {
        if nullIsAbsent && isNull(key) { return nil }
        guard let node = try read(key) else { return nil }
        guard node.isMapping || node.isNull || allowsList && node.isList else {
            let expected = allowsList ? Expected.mappingOrList : Expected.mapping
            throw mismatch(path(to: key), expected: expected, found: node)
        }
        let section = try handOutOne(key) {
            below(node, path: keys + [key], location: keyLocation(key))
        }
        record(.settings(section), for: key)
        return section
    }

    /// The sections of a list's elements, made of each element and its path.
    private func list(
        _ key: String, _ expected: String,
        of make: (SettingNode, [String]) throws(ConfigurationError) -> ConfigurationSection
    ) throws(ConfigurationError) -> [ConfigurationSection] {
        describe(key, expected, fallback: nil)
        guard let node = try read(key) else { throw missing(key, expected: expected) }
        guard case .list(let elements) = node.content else {
            throw mismatch(path(to: key), expected: expected, found: node)
        }
        return try handOut(key) { () throws(ConfigurationError) in
            var sections: [ConfigurationSection] = []
            for (index, element) in elements.enumerated() {
                sections.append(try make(element, keys + [key, "\(index)"]))
            }
            return sections
        }
    }

    private func handOutOne(
        _ key: String, _ make: () throws(ConfigurationError) -> ConfigurationSection
    ) throws(ConfigurationError) -> ConfigurationSection {
        try handOut(key) { () throws(ConfigurationError) in [try make()] }[0]
    }

    private func givenTagged(_ key: String) throws(ConfigurationError) -> TaggedSection? {
        guard let node = try read(key) else { return nil }
        let section = try handOutOne(key) { () throws(ConfigurationError) in
            try kindSection(node, keys + [key])
        }
        record(.tagged((section.kind, section)), for: key)
        return (section.kind, section)
    }

    /// The settings of the kind that a value names.
    private func kindSection(
        _ node: SettingNode, _ path: [String]
    ) throws(ConfigurationError) -> ConfigurationSection {
        if let kind = node.text {
            return below(
                .null(at: node.location), path: path + [kind], location: node.location)
        }
        if case .mapping(let entries, _) = node.content, entries.count == 1 {
            return below(
                entries[0].value, path: path + [entries[0].key], location: entries[0].keyLocation)
        }
        throw mismatch(shown(path), expected: Expected.tagged, found: node)
    }
}
