extension ConfigurationDocument {
    /// The dotted paths of the settings in which two documents differ, in their order.
    ///
    /// Where a setting is of another kind, or a list of another length, its own path is given, not
    /// those below it. Values are compared as they are written: compare resolved documents.
    public func differingKeys(from other: ConfigurationDocument) -> [String] {
        rootNode.differences(from: other.rootNode, path: []).map {
            printable($0.joined(separator: "."))
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
