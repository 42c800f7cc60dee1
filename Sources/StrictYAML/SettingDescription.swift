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
