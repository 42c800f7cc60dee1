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

/// Finds aliases without letting the parser expand them.
///
/// A few lines of nested aliases can stand for billions of values, so none is ever expanded. An
/// alias needs an anchor of the same name. Looking at nothing but `&name` and `*name` cannot miss
/// such a pair, whatever quoting surrounds it; where there is one, a probe text tells aliases from
/// quoted text and comments.
struct AliasScan {
    /// The offset, in bytes, of the first `*name` for which there is an `&name`.
    let firstOffset: Int

    /// The text with those anchors renamed to as long a name that no alias has: to the parser,
    /// every alias of the text is undefined in it, at the same place. Nil where no name is left.
    let probe: String?

    private typealias Reference = (name: [UInt8], offset: Int)

    /// Nil where the text cannot hold an alias that has an anchor.
    init?(_ yaml: String) {
        let bytes = Array(yaml.utf8)
        let anchors = Self.references(UInt8(ascii: "&"), in: bytes)
        guard !anchors.isEmpty else { return nil }
        let aliases = Self.references(UInt8(ascii: "*"), in: bytes)
        let shared = Set(anchors.map(\.name)).intersection(aliases.map(\.name))
        guard let first = aliases.first(where: { shared.contains($0.name) }) else { return nil }
        firstOffset = first.offset
        probe = Self.rename(
            anchors.filter { shared.contains($0.name) }, in: bytes, avoiding: aliases)
    }

    private static func rename(
        _ anchors: [Reference], in bytes: [UInt8], avoiding aliases: [Reference]
    ) -> String? {
        let used = Set(
            aliases.compactMap { alias in
                alias.name.allSatisfy { $0 == alias.name[0] } ? alias.name[0] : nil
            })
        guard let letter = "abcdefghijklmnopqrstuvwxyz".utf8.first(where: { !used.contains($0) })
        else { return nil }
        var bytes = bytes
        for anchor in anchors {
            let start = anchor.offset + 1
            let name = repeatElement(letter, count: anchor.name.count)
            bytes.replaceSubrange(start..<(start + anchor.name.count), with: name)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func references(_ sign: UInt8, in bytes: [UInt8]) -> [Reference] {
        bytes.indices.compactMap { index in
            guard bytes[index] == sign, index == 0 || !isAlphanumeric(bytes[index - 1]) else {
                return nil
            }
            let name = bytes[(index + 1)...].prefix(while: isNameByte)
            return name.isEmpty ? nil : (Array(name), index)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
