import Files

/// A setting in which two documents differ.
public struct ConfigurationDifference: Hashable, Sendable {
    /// The setting's dotted path.
    public let key: String
    /// Its value in the first document for people: a number, a text, or what kind of value it is;
    /// nil where it is absent.
    public let value: String?
    /// Its value in the other document.
    public let other: String?
}

extension ConfigurationDocument {
    /// The dotted paths of the settings in which two documents differ, in their order.
    ///
    /// Where a setting is of another kind, or a list of another length, its own path is given, not
    /// those below it. Values are compared as they are written: compare resolved documents.
    public func differingKeys(from other: ConfigurationDocument) -> [String] {
        differences(from: other).map(\.key)
    }

    /// The settings of ``differingKeys(from:)`` with their values.
    public func differences(from other: ConfigurationDocument) -> [ConfigurationDifference] {
        rootNode.differences(from: other.rootNode, path: []).map { path in
            ConfigurationDifference(
                key: path.joined(separator: ".").shown(limit: 60),
                value: rootNode[path]?.shown, other: other.rootNode[path]?.shown)
        }
    }
}

extension SettingNode {
    /// The value at a path of keys and indices; nil where there is none.
    fileprivate subscript(path: [String]) -> SettingNode? {
        guard let first = path.first else { return self }
        let next: SettingNode? =
            switch content {
            case .mapping(let entries, _): entries.first { $0.key == first }?.value
            case .list(let elements):
                Int(first).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            case .scalar: nil
            }
        return next?[Array(path.dropFirst())]
    }

    /// The value in few words: a scalar as it is, the name of one of several kinds, else its type.
    fileprivate var shown: String {
        switch content {
        case .scalar(let text, _): isNull ? "null" : text.shown(limit: 60)
        case .mapping(let entries, _) where entries.count == 1: entries[0].key.shown(limit: 60)
        case .mapping, .list: summary
        }
    }
}

extension SettingNode {
    fileprivate func differences(from other: SettingNode, path: [String]) -> [[String]] {
        switch (content, other.content) {
        case (.scalar(let mine, let isPlain), .scalar(let theirs, let isTheirsPlain)):
            return mine == theirs && isPlain == isTheirsPlain ? [] : [path]
        case (.list(let mine), .list(let theirs)) where mine.count == theirs.count:
            return zip(mine, theirs).enumerated().flatMap { index, pair in
                pair.0.differences(from: pair.1, path: path + ["\(index)"])
            }
        case (.mapping(let mine, _), .mapping(let theirs, _)):
            let isOtherKind =
                mine.count == 1 && theirs.count == 1 && mine[0].key != theirs[0].key
            return isOtherKind ? [path] : Self.differences(mine, theirs, path: path)
        default:
            return [path]
        }
    }

    private static func differences(
        _ mine: [Entry], _ theirs: [Entry], path: [String]
    ) -> [[String]] {
        let added = theirs.filter { entry in !mine.contains { $0.key == entry.key } }
        return mine.flatMap { entry in
            let path = path + [entry.key]
            guard let counterpart = theirs.first(where: { $0.key == entry.key }) else {
                return [path]
            }
            return entry.value.differences(from: counterpart.value, path: path)
        } + added.map { path + [$0.key] }
    }
}
