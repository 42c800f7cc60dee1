/// What a key may hold: how to say it, read it and write it down.
struct SettingKind<Value> {
    /// With its article, to follow "must be": `a whole number of at least 1`.
    let expected: String
    let decode: (SettingNode) -> Value?
    let resolve: (Value) -> ResolvedValue
}

extension ConfigurationSection {
    /// The value of a key, or its default; without a default the key is required.
    func value<Value>(
        _ key: String, default fallback: Value?, as kind: SettingKind<Value>
    ) throws(ConfigurationError) -> Value {
        describe(key, kind.expected, fallback: fallback.map { kind.resolve($0).line })
        if let value = try given(key, as: kind) { return value }
        guard let fallback else { throw missing(key, expected: kind.expected) }
        record(kind.resolve(fallback), for: key)
        return fallback
    }

    /// The value of a key, or nil where it is absent or null.
    func optionalValue<Value>(
        _ key: String, as kind: SettingKind<Value>
    ) throws(ConfigurationError) -> Value? {
        describe(key, kind.expected, fallback: SettingDescription.none)
        return isNull(key) ? nil : try given(key, as: kind)
    }

    private func given<Value>(
        _ key: String, as kind: SettingKind<Value>
    ) throws(ConfigurationError) -> Value? {
        guard let node = try read(key) else { return nil }
        guard let value = kind.decode(node) else {
            throw mismatch(path(to: key), expected: kind.expected, found: node)
        }
        record(kind.resolve(value), for: key)
        return value
    }
}
