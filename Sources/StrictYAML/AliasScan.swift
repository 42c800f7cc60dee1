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
