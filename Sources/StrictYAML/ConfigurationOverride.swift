import Files

/// One setting from the command line, `critic.optimiser.adam.learningRate=1e-3`.
struct ConfigurationOverride {
    private let path: [String]
    private let value: SettingNode
    private let location: ConfigurationLocation

    /// What stands at a step of the path, and so what an override may do to it.
    private enum Role {
        /// A value that only its reader understands.
        case plain
        /// One of several kinds, or a list of such values.
        case tagged
        /// The settings of a kind, for which a shorthand may stand.
        case settings
    }

    init(_ text: String) throws(ConfigurationError) {
        guard let sign = text.firstIndex(of: "=") else {
            throw ConfigurationError(
                location: .override(text.shown(limit: 60)),
                message: "there is no '=' in the override; write path=value")
        }
        let name = text[..<sign].trimmed
        path = name.split(separator: ".", omittingEmptySubsequences: false).map(\.trimmed)
        location = .override(name.shown(limit: 60))
        guard path.allSatisfy({ !$0.isEmpty }), path.count <= DocumentParser.maximumDepth else {
            throw ConfigurationError(
                location: .override(text.shown(limit: 60)),
                message: "the path of the override is not 1 to \(DocumentParser.maximumDepth) keys "
                    + "with dots between; write a.b=value")
        }
        value = try Self.parse(
            text[text.index(after: sign)...].trimmed, path: name.shown(limit: 60))
    }

    private static func parse(
        _ text: String, path: String
    ) throws(ConfigurationError) -> SettingNode {
        let location = ConfigurationLocation.override(path)
        guard !text.isEmpty, let value = try DocumentParser.parse(text, from: .override(path))
        else {
            throw ConfigurationError(
                location: location,
                message: "the override gives no value; write null for none and '' for empty text")
        }
        // A comment that would be dropped, folded lines and block mappings are no single value.
        let isDropped = value.plainText.map { $0 != text } ?? false
        let isBlock: Bool =
            switch value.content {
            case .scalar: text.contains(where: \.isNewline)
            case .list: !text.hasPrefix("[")
            case .mapping: !text.hasPrefix("{")
            }
        guard !isDropped, !isBlock else {
            throw ConfigurationError(
                location: location,
                message: "'\(text.shown(limit: 60))' is not one YAML value on one line; "
                    + "write text in quotes, lists in [] and mappings in {}")
        }
        return value
    }

    /// The tree with the value set.
    func applied(
        to root: SettingNode, taggedKeys: Set<String>
    ) throws(ConfigurationError) -> SettingNode {
        var root = root
        try apply(to: &root, at: 0, role: .plain, taggedKeys: taggedKeys)
        return root
    }

    private func apply(
        to node: inout SettingNode, at depth: Int, role: Role, taggedKeys: Set<String>
    ) throws(ConfigurationError) {
        guard depth < path.count else {
            node = value
            return
        }
        let name = path[depth]
        makeRoom(for: name, in: &node, role: role)
        switch node.content {
        case .list(var elements):
            guard let index = Int(name), elements.indices.contains(index) else {
                throw wrongIndex(at: depth, count: elements.count)
            }
            try apply(
                to: &elements[index], at: depth + 1, role: role == .tagged ? .tagged : .plain,
                taggedKeys: taggedKeys)
            node.content = .list(elements)
        case .mapping(var entries, let shorthand):
            let index = entries.firstIndex { $0.key == name } ?? entries.count
            if index == entries.count {
                let value = SettingNode.null(at: location)
                entries.append(.init(key: name, keyLocation: location, value: value))
            }
            let plain: Role = taggedKeys.contains(name) ? .tagged : .plain
            try apply(
                to: &entries[index].value, at: depth + 1, role: role == .tagged ? .settings : plain,
                taggedKeys: taggedKeys)
            node.content = .mapping(entries, shorthand: shorthand)
        case .scalar:
            throw ConfigurationError(
                location: location,
                message:
                    "'\(shownPath(depth))' is \(node.summary) and has no '\(name.shown(limit: 60))'"
                    + "; set '\(shownPath(depth))' itself")
        }
    }

    /// Turns a value that has no keys, or is of another kind, into a mapping that can take the key.
    private func makeRoom(for name: String, in node: inout SettingNode, role: Role) {
        let empty = SettingNode.Content.mapping([], shorthand: nil)
        switch (node.content, role) {
        case (.scalar, _) where node.isNull: node.content = empty
        case (.scalar, .tagged): node.content = empty
        case (.mapping(let entries, _), .tagged) where entries.count == 1 && entries[0].key != name:
            node.content = empty
        case (.scalar, .settings): node.content = .mapping([], shorthand: node)
        case (.list, .settings) where Int(name) == nil:
            node.content = .mapping([], shorthand: node)
        default: break
        }
    }

    private func wrongIndex(at depth: Int, count: Int) -> ConfigurationError {
        let indices =
            switch count {
            case 0: "it has no elements; set the whole list"
            case 1: "its only index is 0"
            default: "write an index from 0 to \(count - 1)"
            }
        return ConfigurationError(
            location: location,
            message: "'\(shownPath(depth))' is a list without '\(path[depth].shown(limit: 60))'; "
                + indices)
    }

    private func shownPath(_ depth: Int) -> String {
        (path[..<depth].joined(separator: ".")).shown(limit: 60)
    }
}

extension Substring {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
