/// Reads the few kinds of JSON value that a safetensors header is made of, in order.
///
/// A general JSON parser would not do: it drops repeated keys silently, recurses as deep as the
/// file says, and builds a tree many times larger than the text.
struct JSONScanner {
    /// Malformed text at a byte position.
    struct Malformed: Error {
        let expected: String
        let position: Int
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether only white space is left.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    /// Reads one character of punctuation.
    mutating func expect(_ character: Unicode.Scalar) throws {
        guard accept(character) else { throw malformed("'\(character)'") }
    }

    /// Reads one character of punctuation if it comes next.
    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    /// Reads an object; `body` reads the value of each key.
    mutating func object(_ body: (inout JSONScanner, String) throws -> Void) throws {
        try expect("{")
        if accept("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try body(&self, key)
        } while accept(",")
        try expect("}")
    }

    /// Reads an array of at most `limit` integers that are not negative.
    mutating func integers(limit: Int) throws -> [Int] {
        try expect("[")
        var values: [Int] = []
        if accept("]") { return values }
        repeat {
            guard values.count < limit else { throw malformed("at most \(limit) numbers") }
            values.append(try integer())
        } while accept(",")
        try expect("]")
        return values
    }

    /// Reads an integer that is not negative and below 2⁶³, without fraction or exponent.
    mutating func integer() throws -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, case let digit = bytes[position], 48...57 ~= digit {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit - 48))
            if overflow || carry { throw malformed("an integer below 2^63") }
            value = sum
            position += 1
        }
        let length = position - start
        guard length > 0, length == 1 || bytes[start] != 48 else {
            throw malformed("an integer that is not negative")
        }
        return value
    }

    func malformed(_ expected: String) -> Malformed {
        Malformed(expected: expected, position: position)
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) {
            position += 1
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

extension JSONScanner {
    /// Reads a string.
    mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw malformed("text in UTF-8")
                }
                position += 1
                return valid
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw malformed("no control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw malformed("the end of a string")
    }

    private mutating func escape() throws -> Character {
        guard position < bytes.count else { throw malformed("an escape sequence") }
        let letter = Unicode.Scalar(bytes[position])
        position += 1
        switch letter {
        case "\"", "\\", "/": return Character(letter)
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return Character(try escapedScalar())
        default: throw malformed("an escape sequence")
        }
    }

    private mutating func escapedScalar() throws -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Characters beyond 16 bits come as two halves, the high one first.
        guard 0xD800..<0xDC00 ~= first, position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw malformed("a pair of surrogates") }
        position += 2
        let second = try fourHexDigits()
        guard 0xDC00..<0xE000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw malformed("a pair of surrogates") }
        return scalar
    }

    private mutating func fourHexDigits() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw malformed("four hexadecimal digits") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw malformed("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
