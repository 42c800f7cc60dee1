extension ConfigurationSection {
    /// A height and a width in a range: one whole number for both, or a list of the two.
    ///
    /// - Parameter fallback: Both where the key is absent; without it the key is required.
    public func size(
        _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> (height: Int, width: Int) {
        let sides = try value(
            key, default: fallback.map { [$0, $0] }, as: .sides(in: range))
        return (sides[0], sides[1])
    }

    /// A list of texts as they were written, or nil where the key is absent or null.
    public func optionalStrings(_ key: String) throws(ConfigurationError) -> [String]? {
        try optionalValue(key, as: .texts)
    }
}

extension SettingKind<[Int]> {
    fileprivate static func sides(in range: ClosedRange<Int>) -> Self {
        let side = SettingKind<Int>.integer(in: range)
        return SettingKind(
            expected: "\(side.expected), or a list of two such: height and width",
            decode: { node in
                if let both = side.decode(node) { return [both, both] }
                guard case .list(let elements) = node.content, elements.count == 2 else {
                    return nil
                }
                let sides = elements.compactMap(side.decode)
                return sides.count == 2 ? sides : nil
            },
            resolve: { sides in
                sides[0] == sides[1] ? side.resolve(sides[0]) : .flowList(sides.map { "\($0)" })
            })
    }
}

extension SettingKind<[String]> {
    fileprivate static var texts: Self {
        SettingKind(
            expected: "a list of texts",
            decode: { node in
                guard case .list(let elements) = node.content else { return nil }
                let texts = elements.compactMap(\.text)
                return texts.count == elements.count ? texts : nil
            },
            resolve: { .textList($0) })
    }
}
