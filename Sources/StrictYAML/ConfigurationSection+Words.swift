import Foundation

extension ConfigurationSection {
    /// `true` or `false`, and no other spelling.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func boolean(
        _ key: String, default fallback: Bool? = nil
    ) throws(ConfigurationError) -> Bool {
        try value(key, default: fallback, as: .boolean)
    }

    /// `true` or `false`, or nil where the key is absent or null.
    public func optionalBoolean(_ key: String) throws(ConfigurationError) -> Bool? {
        try optionalValue(key, as: .boolean)
    }

    /// Text as it was written: an unquoted `2024` or `1.10` is text too, null is not.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func string(
        _ key: String, default fallback: String? = nil
    ) throws(ConfigurationError) -> String {
        try value(key, default: fallback, as: .text)
    }

    /// Text as it was written, or nil where the key is absent or null.
    public func optionalString(_ key: String) throws(ConfigurationError) -> String? {
        try optionalValue(key, as: .text)
    }

    /// The path of a file or folder. A relative one starts from the current folder, and is recorded
    /// as an absolute one: the resolved settings name the same file from everywhere.
    public func filePath(_ key: String) throws(ConfigurationError) -> String {
        try value(key, default: nil, as: .filePath)
    }

    /// The path of a file or folder as for ``filePath(_:)``, or nil where the key is absent or
    /// null.
    public func optionalFilePath(_ key: String) throws(ConfigurationError) -> String? {
        try optionalValue(key, as: .filePath)
    }

    /// What one of several names stands for.
    ///
    /// - Parameters:
    ///   - choices: Each allowed name with its meaning.
    ///   - fallback: The name where the key is absent; without it the key is required.
    public func choice<Choice>(
        _ key: String, of choices: [String: Choice], default fallback: String? = nil
    ) throws(ConfigurationError) -> Choice {
        let chosen = try value(
            key, default: fallback.map { ($0, choices[$0]) }, as: .choice(choices))
        guard let choice = chosen.choice else {
            preconditionFailure("the default of '\(path(to: key))' is none of its choices")
        }
        return choice
    }

    /// One of the cases of an enumeration, by its raw value.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, of type: Choice.Type = Choice.self, default fallback: Choice? = nil
    ) throws(ConfigurationError) -> Choice {
        try choice(key, of: Self.choices(of: type), default: fallback?.rawValue)
    }

    /// What one of several names stands for, or nil where the key is absent or null.
    public func optionalChoice<Choice>(
        _ key: String, of choices: [String: Choice]
    ) throws(ConfigurationError) -> Choice? {
        try optionalValue(key, as: .choice(choices))?.choice
    }

    /// One of the cases of an enumeration, or nil where the key is absent or null.
    public func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws(ConfigurationError) -> Choice? {
        try optionalChoice(key, of: Self.choices(of: type))
    }

    private static func choices<Choice: CaseIterable & RawRepresentable<String>>(
        of type: Choice.Type
    ) -> [String: Choice] {
        Dictionary(uniqueKeysWithValues: type.allCases.map { ($0.rawValue, $0) })
    }
}

extension SettingKind<Bool> {
    static var boolean: Self {
        SettingKind(
            expected: "true or false",
            decode: { ["true": true, "false": false][$0.plainText ?? ""] },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<String> {
    static var text: Self {
        SettingKind(expected: "text", decode: \.text, resolve: { .text($0) })
    }
}

extension SettingKind<String> {
    static var filePath: Self {
        SettingKind(
            expected: "the path of a file or folder",
            decode: { node in node.text.map { $0.isEmpty ? $0 : absolutePath($0) } },
            resolve: { .text($0) })
    }
}

/// A path from the root on; a relative one starts from the current folder. Nothing else of it
/// changes: `..` after a link leads where the system says.
public func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    let folder = FileManager.default.currentDirectoryPath
    let tail = path == "." ? "" : path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return tail.isEmpty ? folder : folder.hasSuffix("/") ? folder + tail : "\(folder)/\(tail)"
}

extension SettingKind {
    /// A name and what it stands for.
    static func choice<Choice>(_ choices: [String: Choice]) -> Self
    where Value == (name: String, choice: Choice?) {
        SettingKind(
            expected: "one of " + choices.keys.sorted().joined(separator: ", "),
            decode: { node in
                guard let name = node.text, let choice = choices[name] else { return nil }
                return (name, choice)
            },
            resolve: { .text($0.name) })
    }
}

extension ConfigurationSection {
    /// A list of finite numbers.
    ///
    /// - Parameters:
    ///   - fallback: The value where the key is absent; without it the key is required.
    ///   - count: The number of elements, any where nil.
    public func numbers(
        _ key: String, default fallback: [Double]? = nil, count: Int? = nil
    ) throws(ConfigurationError) -> [Double] {
        try value(key, default: fallback, as: .numbers(count: count))
    }

    /// A list of mappings, each with settings of its own. The key is required.
    public func sections(_ key: String) throws(ConfigurationError) -> [ConfigurationSection] {
        let expected = "a list of mappings"
        describe(key, expected, fallback: nil)
        guard let node = try read(key) else { throw missing(key, expected: expected) }
        guard case .list(let elements) = node.content else {
            throw mismatch(path(to: key), expected: expected, found: node)
        }
        let sections = try handOut(key) { () throws(ConfigurationError) in
            var sections: [ConfigurationSection] = []
            for (index, element) in elements.enumerated() {
                guard element.isMapping else {
                    throw mismatch(
                        path(to: "\(key).\(index)"), expected: "a mapping of settings",
                        found: element)
                }
                sections.append(
                    ConfigurationSection(
                        element, path: keys + [key, "\(index)"], location: element.location))
            }
            return sections
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
}

extension SettingKind<[Double]> {
    static func numbers(count: Int?) -> Self {
        SettingKind(
            expected: "a list of \(count.map { "\($0) " } ?? "")finite numbers",
            decode: { node in
                guard case .list(let elements) = node.content else { return nil }
                let values = elements.compactMap { $0.plainText.flatMap(DecimalText.init)?.double }
                    .filter(\.isFinite)
                guard values.count == elements.count, values.count == count ?? values.count else {
                    return nil
                }
                return values
            },
            resolve: { .flowList($0.map { "\($0)" }) })
    }
}
