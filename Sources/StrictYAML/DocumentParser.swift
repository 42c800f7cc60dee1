import Yams

/// Turns YAML text into a tree of located values, refusing what a configuration has no need of.
///
/// Refused are aliases, tags, several documents, keys that are not text, repeated keys, texts over
/// `maximumSize` and nesting over `maximumDepth`.
struct DocumentParser {
    /// In bytes: one mebibyte.
    static let maximumSize = 1_048_576
    static let maximumDepth = 64

    /// The tag that the parser gives quoted text.
    private static let textTag = Tag.Name.str.rawValue

    private let source: YAMLSource

    /// The root of the only document, or nil where there is none.
    static func parse(
        _ yaml: String, from source: YAMLSource
    ) throws(ConfigurationError) -> SettingNode? {
        let parser = DocumentParser(source: source)
        let start = source.location(line: 1, column: 1)
        guard yaml.utf8.count <= maximumSize else {
            throw ConfigurationError(location: start, message: tooLarge)
        }
        if let offset = AliasScan.firstAlias(in: yaml) {
            throw ConfigurationError(
                location: source.location(ofByte: offset, in: yaml.utf8),
                message: "aliases are not supported; write the value out here again")
        }
        let root: Node?
        do {
            // Tags are resolved to nothing but text: the reader of a key knows the type it wants.
            root = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw SyntaxErrorTranslator(source: source, yaml: yaml).translate(error)
        }
        guard let root else { return nil }
        return try parser.convert(root, depth: 0, parent: start)
    }

    static var tooLarge: String {
        "the text is larger than 1 MiB, the limit for a configuration; "
            + "keep only settings in it"
    }

    private func convert(
        _ node: Node, depth: Int, parent: ConfigurationLocation
    ) throws(ConfigurationError) -> SettingNode {
        let location = location(of: node, parent: parent)
        guard depth <= Self.maximumDepth else {
            throw ConfigurationError(
                location: location,
                message: "values are nested more than \(Self.maximumDepth) deep; flatten them")
        }
        switch node {
        case .scalar(let scalar):
            let isText = scalar.tag.rawValue == Self.textTag
            if !isText { try refuse(scalar.tag, at: location) }
            let isPlain = !isText && scalar.style == .plain
            return SettingNode(
                content: .scalar(scalar.string, isPlain: isPlain), location: location)
        case .sequence(let sequence):
            try refuse(sequence.tag, at: location)
            var elements: [SettingNode] = []
            for element in sequence {
                elements.append(try convert(element, depth: depth + 1, parent: location))
            }
            return SettingNode(content: .list(elements), location: location)
        case .mapping(let mapping):
            try refuse(mapping.tag, at: location)
            return try convert(mapping, depth: depth, at: location)
        case .alias:
            throw ConfigurationError(
                location: location,
                message: "aliases are not supported; write the value out here again")
        }
    }

    private func convert(
        _ mapping: Node.Mapping, depth: Int, at location: ConfigurationLocation
    ) throws(ConfigurationError) -> SettingNode {
        var entries: [SettingNode.Entry] = []
        for (key, value) in mapping {
            let keyLocation = self.location(of: key, parent: location)
            guard case .scalar(let scalar) = key else {
                throw ConfigurationError(
                    location: keyLocation,
                    message: "a key is a list or a mapping; write 'key: value' with a plain word")
            }
            if scalar.tag.rawValue != Self.textTag { try refuse(scalar.tag, at: keyLocation) }
            entries.append(
                SettingNode.Entry(
                    key: scalar.string, keyLocation: keyLocation,
                    value: try convert(value, depth: depth + 1, parent: keyLocation)))
        }
        return SettingNode(content: .mapping(entries, shorthand: nil), location: location)
    }

    private func location(
        of node: Node, parent: ConfigurationLocation
    ) -> ConfigurationLocation {
        node.mark.map { source.location(line: $0.line, column: $0.column) } ?? parent
    }

    private func refuse(_ tag: Tag, at location: ConfigurationLocation) throws(ConfigurationError) {
        guard tag != .implicit else { return }
        throw ConfigurationError(
            location: location,
            message: "the tag '\(printable(tag.rawValue))' is not supported; remove it")
    }
}
