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
