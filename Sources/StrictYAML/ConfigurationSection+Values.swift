extension ConfigurationSection {
    /// The value of a key.
    ///
    /// - Parameters:
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
