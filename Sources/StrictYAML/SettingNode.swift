import Files

/// A parsed value that remembers where it was written.
struct SettingNode: Sendable {
    indirect enum Content: Sendable {
        /// Text; only a plain (unquoted) one can be a number, a truth value or null.
        case scalar(String, isPlain: Bool)
        case list([SettingNode])
        /// Keys in their written order. The shorthand is a value given in place of the settings,
        /// kept beside keys that overrides added later.
        case mapping([Entry], shorthand: SettingNode?)
    }

    struct Entry: Sendable {
        let key: String
        let keyLocation: ConfigurationLocation
        var value: SettingNode
    }

    var content: Content
    var location: ConfigurationLocation

    static func null(at location: ConfigurationLocation) -> SettingNode {
        SettingNode(content: .scalar("", isPlain: true), location: location)
    }

    var isNull: Bool {
        guard let text = plainText else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    var isList: Bool {
        if case .list = content { true } else { false }
    }

    /// Whether the value is a kind's name, alone or with settings.
    func isKind(_ kind: String) -> Bool {
        if case .mapping(let entries, _) = content { return entries.map(\.key) == [kind] }
        return text == kind
    }

    /// The text of an unquoted scalar.
    var plainText: String? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        return text
    }

    /// The text of a scalar that is not null.
    var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    /// The value as an error message shows it.
    var summary: String {
        switch content {
        case .list(let elements):
            elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
        case .mapping(let entries, _):
            entries.isEmpty ? "an empty mapping" : "a mapping of \(counted(entries.count, "key"))"
        case .scalar(let text, isPlain: false): "the text '\(text.shown(limit: 60))' in quotes"
        case .scalar(let text, isPlain: true): plainSummary(of: text)
        }
    }

    private func plainSummary(of text: String) -> String {
        if isNull { return "null" }
        if ["true", "false"].contains(text) || NonFiniteText.matches(text) { return text }
        guard let number = DecimalText(text) else {
            let remedy = meantNumber(text).map { "; write \($0)" } ?? ""
            return "the text '\(text.shown(limit: 60))'\(remedy)"
        }
        if number.double.isInfinite { return "\(text.shown(limit: 60)), beyond the largest number" }
        if number.isIntegral, number.whole(Int.self) == nil, number.whole(UInt64.self) == nil {
            return "\(text.shown(limit: 60)), beyond 64 bits"
        }
        return text.shown(limit: 60)
    }
}
