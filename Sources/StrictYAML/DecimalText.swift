/// A decimal number as YAML 1.2 writes it: `64`, `-1.5`, `.5`, `1e-4`, `5e-05`.
///
/// Source: YAML 1.2.2, section 10.3.2, without its octal and hexadecimal integers.
struct DecimalText {
    private let text: String
    private let isNegative: Bool
    /// The digits before and after the point, without leading zeros.
    private let digits: Substring.UTF8View
    /// The power of ten that the digits, read as a whole number, are multiplied with.
    private let power: Int

    init?(_ text: String) {
        self.text = text
        var rest = text.utf8[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var digits = Array(Self.takeDigits(&rest))
        var fractionCount = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = Self.takeDigits(&rest)
            fractionCount = fraction.count
            digits += fraction
        }
        guard !digits.isEmpty, let exponent = Self.takeExponent(&rest), rest.isEmpty else {
            return nil
        }
        self.digits = Substring(decoding: digits, as: UTF8.self)
            .utf8.drop { $0 == UInt8(ascii: "0") }
        power = exponent - fractionCount
    }

    /// The nearest double; infinite where the number is too large.
    var double: Double { Double(text) ?? .nan }

    /// Whether the number has no fractional part, as `1e3` and `64.0` have none.
    var isIntegral: Bool { digits.isEmpty || power >= 0 || trailingZeros >= -power }

    /// The exact whole number, or nil where there is a fraction or the type has too few bits.
    func whole<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        guard isIntegral else { return nil }
        if digits.isEmpty { return 0 }
        guard digits.count + power <= 20 else { return nil }
        let kept = Substring(digits.dropLast(max(0, -power)))
        return Number(
            (isNegative ? "-" : "") + kept + String(repeating: "0", count: max(0, power)))
    }

    private var trailingZeros: Int {
        digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest.removeFirst(digits.count)
        return digits
    }

    /// The exponent, zero where none is written, nil where it has no digits.
    private static func takeExponent(_ rest: inout Substring.UTF8View) -> Int? {
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return 0 }
        rest.removeFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let digits = takeDigits(&rest)
        guard !digits.isEmpty else { return nil }
        // An exponent that needs more bits is as good as the largest: the number is out of range.
        let size = Int(Int32(Substring(digits)) ?? .max)
        return isNegative ? -size : size
    }
}

/// The spellings of infinity and not-a-number, in YAML (`.inf`, `.nan`) and elsewhere.
enum NonFiniteText {
    static func matches(_ text: String) -> Bool {
        guard text.utf8.count <= 9 else { return false }
        var word = text.lowercased()[...]
        if word.first == "+" || word.first == "-" { word.removeFirst() }
        return [".inf", ".nan", "inf", "nan", "infinity"].contains(word)
    }
}
