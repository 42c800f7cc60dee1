import Files
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
    private let yaml: String

    /// The root of the only document, or nil where there is none.
    static func parse(
        _ yaml: String, from source: YAMLSource
    ) throws(ConfigurationError) -> SettingNode? {
        guard yaml.utf8.count <= maximumSize else {
            throw ConfigurationError(
                location: source.location(line: 1, column: 1), message: tooLarge)
        }
        let hasByteOrderMark = yaml.unicodeScalars.first == "\u{FEFF}"
        let parser = DocumentParser(
            source: source,
            yaml: hasByteOrderMark ? String(yaml.unicodeScalars.dropFirst()) : yaml)
        try parser.refuseAliases()
        guard let root = try parser.compose(parser.yaml) else { return nil }
        return try parser.convert(root, depth: 0, parent: source.location(line: 1, column: 1))
    }

    static var tooLarge: String {
        "the text is larger than 1 MiB, the limit for a configuration; "
            + "keep only settings in it"
    }

    private func refuseAliases() throws(ConfigurationError) {
        guard let scan = AliasScan(yaml) else { return }
        guard let probe = scan.probe else {
            let location = source.location(ofByte: scan.firstOffset, in: yaml.utf8)
            throw ConfigurationError(location: location, message: SyntaxErrorTranslator.alias)
        }
        _ = try compose(probe)
    }

    /// Tags are resolved to nothing but text: the reader of a key knows the type it wants.
    private func compose(_ yaml: String) throws(ConfigurationError) -> Node? {
        do {
            return try Parser(yaml: yaml, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw SyntaxErrorTranslator(source: source, yaml: yaml).translate(error)
        }
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
            throw ConfigurationError(location: location, message: SyntaxErrorTranslator.alias)
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
            let entry = SettingNode.Entry(
                key: scalar.string, keyLocation: keyLocation,
                value: try convert(value, depth: depth + 1, parent: keyLocation))
            if let last = entries.last { try refuseDecimalComma(last, entry) }
            entries.append(entry)
        }
        return SettingNode(content: .mapping(entries, shorthand: nil), location: location)
    }

    /// In a mapping on one line `a: 0,9` is `a: 0` and a key `9`.
    private func refuseDecimalComma(
        _ entry: SettingNode.Entry, _ next: SettingNode.Entry
    ) throws(ConfigurationError) {
        guard next.value.plainText == "", let whole = entry.value.plainText,
            let first = next.key.first, first.isNumber,
            let meant = meantNumber("\(whole),\(next.key)")
        else { return }
        throw ConfigurationError(
            location: entry.value.location,
            message:
                "'\(entry.key.shown(limit: 60))' is "
                + "\(whole.shown(limit: 60)),\(next.key.shown(limit: 60)) with "
                + "a comma, which ends a setting here; write \(meant.shown(limit: 60))")
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
            message: "the tag '\(tag.rawValue.shown(limit: 60))' is not supported; remove it")
    }
}
