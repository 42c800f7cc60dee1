import Yams

/// What a key was resolved to, ready to be written as YAML.
enum ResolvedValue {
    case null
    /// A number or a truth value.
    case plain(String)
    case text(String)
    /// Numbers or texts, written on one line.
    case flowList([ResolvedValue])
    case settings(ConfigurationSection)
    case tagged(TaggedSection)
    case taggedList([TaggedSection])
    case settingsList([ConfigurationSection])

    /// The value as a YAML document.
    var yaml: String {
        do {
            return try serialize(node: node, width: -1, allowUnicode: true)
        } catch {
            preconditionFailure("a tree of mappings, lists and scalars is always YAML: \(error)")
        }
    }

    private var node: Node {
        switch self {
        case .null: Self.plainNode("null")
        case .plain(let text): Self.plainNode(text)
        case .text(let text): Self.textNode(text)
        case .flowList(let elements): Node(elements.map(\.node), .implicit, .flow)
        case .settings(let section): Self.mapping(section)
        case .tagged(let tagged): Self.taggedNode(tagged)
        case .taggedList(let list): Node(list.map(Self.taggedNode), .implicit, .block)
        case .settingsList(let list): Node(list.map(Self.mapping), .implicit, .block)
        }
    }

    private static func mapping(_ section: ConfigurationSection) -> Node {
        let pairs = section.resolved.map { (textNode($0.key), $0.value.node) }
        return Node(pairs, .implicit, .block)
    }

    private static func taggedNode(_ tagged: TaggedSection) -> Node {
        guard !tagged.section.resolved.isEmpty else { return textNode(tagged.kind) }
        return Node([(textNode(tagged.kind), mapping(tagged.section))], .implicit, .block)
    }

    private static func plainNode(_ text: String) -> Node { Node(text, .implicit, .plain) }

    /// Quoted unless every YAML reader, of version 1.1 or 1.2, takes the plain text for text.
    private static func textNode(_ text: String) -> Node {
        let isWord =
            text.unicodeScalars.first.map { isLetter($0) || $0 == "/" } ?? false
            && text.unicodeScalars.last != " "
            && text.unicodeScalars.allSatisfy {
                isLetter($0) || ("0"..."9").contains($0) || "_-./ ".unicodeScalars.contains($0)
            }
        return isWord && Node(text).tag.rawValue == Tag.Name.str.rawValue
            && !NonFiniteText.matches(text)
            ? Node(text, .implicit, .plain) : Node(text, .implicit, .doubleQuoted)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
