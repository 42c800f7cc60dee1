import Files

/// The description at the start of a NumPy file: a Python dictionary with three fixed keys.
struct NumpyHeader: Equatable {
    /// Malformed or unsupported text.
    struct Invalid: Error {
        let reason: FormatFailure.Reason
        let detail: String
    }

    let type: ElementType
    let shape: [Int]
    /// Whether the byte of a number that counts most comes first.
    let isBigEndian: Bool
    /// Whether the first dimension varies fastest.
    let isFortranOrder: Bool

    /// NumPy's names of the types that can be read, without the byte order.
    static let types: [String: ElementType] = [
        "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32,
        "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
    ]

    /// Reads the dictionary.
    init(text: [UInt8]) throws {
        var parser = Parser(text: text)
        try parser.parse()
        guard let descr = parser.descr, let order = parser.fortranOrder, let shape = parser.shape
        else {
            let detail = "its header lacks one of 'descr', 'fortran_order' and 'shape'"
            throw Invalid(reason: .header, detail: detail)
        }
        guard let byteOrder = descr.first, "<>|=".contains(byteOrder),
            let type = Self.types[String(descr.dropFirst())],
            byteOrder != "|" || type.byteCount == 1
        else {
            throw Invalid(reason: .elementType, detail: Self.explanation(ofType: descr))
        }
        self.type = type
        self.shape = shape
        isBigEndian = byteOrder == ">"
        isFortranOrder = order
    }

    /// Why an array of another type is not read.
    private static func explanation(ofType descr: String) -> String {
        let kind: [Character: String] = [
            "O": "Python objects, whose reading would run their code",
            "c": "complex numbers", "U": "text", "S": "text", "a": "text", "M": "dates",
            "m": "spans of time", "V": "raw bytes", "g": "long doubles",
        ]
        let letter = descr.first(where: \.isLetter) ?? "?"
        if descr.hasPrefix("[") {
            return "it holds the structured type \(descr.quoted), not plain numbers"
        }
        let name = kind[letter].map { " (\($0))" } ?? ""
        return "its type \(descr.quoted)\(name) is none of floats, integers and truth values"
    }

    private struct Parser {
        let text: [UInt8]
        var position = 0
        var descr: String?
        var fortranOrder: Bool?
        var shape: [Int]?

        init(text: [UInt8]) {
            self.text = text
        }

        mutating func parse() throws {
            try expect("{")
            while !accept("}") {
                let key = try string()
                try expect(":")
                switch key {
                case "descr" where descr == nil: descr = try type()
                case "fortran_order" where fortranOrder == nil: fortranOrder = try bool()
                case "shape" where shape == nil: shape = try tuple()
                case "descr", "fortran_order", "shape":
                    throw Invalid(reason: .duplicateName, detail: "\(key.quoted) occurs twice")
                default:
                    throw Invalid(reason: .header, detail: "its header has the key \(key.quoted)")
                }
                if !accept(",") {
                    try expect("}")
                    break
                }
            }
            skipSpace()
            guard position == text.count else { throw malformed("nothing but spaces") }
        }

        private mutating func skipSpace() {
            while position < text.count, text[position] == 0x20 || text[position] == 0x0A {
                position += 1
            }
        }

        private mutating func accept(_ literal: String) -> Bool {
            skipSpace()
            guard text[position...].starts(with: literal.utf8) else { return false }
            position += literal.utf8.count
            return true
        }

        private mutating func expect(_ literal: String) throws {
            guard accept(literal) else { throw malformed("'\(literal)'") }
        }

        private mutating func string() throws -> String {
            let quote: UInt8 = accept("\"") ? 0x22 : 0x27
            if quote == 0x27 { try expect("'") }
            // An escape sequence would need a backslash, which no key or type contains.
            guard let end = text[position...].firstIndex(where: { $0 == quote || $0 == 0x5C }),
                text[end] == quote
            else { throw malformed("the end of a string") }
            defer { position = end + 1 }
            return String(decoding: text[position..<end], as: UTF8.self)
        }

        /// The name of a type, or the list of a structured one's fields as it stands.
        private mutating func type() throws -> String {
            guard accept("[") else { return try string() }
            let start = position - 1
            var (depth, quote): (Int, UInt8?) = (1, nil)
            while depth > 0, position < text.count {
                let byte = text[position]
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == 0x22 || byte == 0x27 {
                    quote = byte
                } else if byte == UInt8(ascii: "[") {
                    depth += 1
                } else if byte == UInt8(ascii: "]") {
                    depth -= 1
                }
                position += 1
            }
            guard depth == 0 else { throw malformed("the end of a list of fields") }
            return String(decoding: text[start..<position], as: UTF8.self)
        }

        private mutating func bool() throws -> Bool {
            if accept("True") { return true }
            try expect("False")
            return false
        }

        private mutating func tuple() throws -> [Int] {
            var sizes: [Int] = []
            try expect("(")
            while !accept(")") {
                guard sizes.count < ArrayLimits.rank else {
                    throw malformed("at most \(ArrayLimits.rank) dimensions")
                }
                sizes.append(try integer())
                if accept(",") { continue }
                // In Python, (3) is a number and (3,) is a tuple.
                guard sizes.count > 1 else { throw malformed("','") }
                try expect(")")
                break
            }
            return sizes
        }

        private mutating func integer() throws -> Int {
            skipSpace()
            let digits = text[position...].prefix { 48...57 ~= $0 }
            guard let value = Int(String(decoding: digits, as: UTF8.self)),
                digits.count == 1 || digits.first != 48
            else {
                throw malformed("an integer from 0 to 2^63 - 1")
            }
            position += digits.count
            // Python 2 wrote long integers with this ending.
            _ = accept("L")
            return value
        }

        private func malformed(_ expected: String) -> Invalid {
            let detail = "expected \(expected) at byte \(position) of the header"
            return Invalid(reason: .header, detail: detail)
        }
    }
}
