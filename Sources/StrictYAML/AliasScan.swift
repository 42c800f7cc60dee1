/// Finds aliases before the parser expands them.
///
/// A few lines of nested aliases can stand for billions of values, so none is expanded. An alias
/// needs an anchor of the same name; looking at nothing but `&name` and `*name` cannot miss a pair,
/// whatever quoting or nesting surrounds it.
enum AliasScan {
    /// The offset, in bytes, of the first `*name` for which there is an `&name`.
    static func firstAlias(in yaml: String) -> Int? {
        var yaml = yaml
        return yaml.withUTF8 { bytes in
            let anchors = Set(references(UInt8(ascii: "&"), in: bytes).map(\.name))
            guard !anchors.isEmpty else { return nil }
            return references(UInt8(ascii: "*"), in: bytes)
                .first { anchors.contains($0.name) }?.offset
        }
    }

    private static func references(
        _ sign: UInt8, in bytes: UnsafeBufferPointer<UInt8>
    ) -> [(name: String, offset: Int)] {
        bytes.indices.compactMap { index in
            guard bytes[index] == sign, index == 0 || !isAlphanumeric(bytes[index - 1]) else {
                return nil
            }
            let name = bytes[(index + 1)...].prefix(while: isNameByte)
            return name.isEmpty ? nil : (String(decoding: name, as: UTF8.self), index)
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
