/// A decimal number in text, such as `-1.5` or `2e-3`, on its way to the nearest double.
///
/// Nearly all numbers take one multiplication; those too close to the middle between two doubles
/// are left to the standard library, so that every result is the nearest one, ties to even.
///
/// Source: Lemire 2021, "Number parsing at a gigabyte per second", arXiv:2101.11408. Differs in a
/// table of 64 bits for each power, and in leaving all doubtful cases to another reader.
struct DecimalNumber {
    private var isNegative = false
    /// The first 19 digits that count.
    private var digits: UInt64 = 0
    /// The number is `digits · 10^exponent`, but for what is left out.
    private var exponent = 0
    /// Whether digits other than 0 were left out.
    private var isCut = false

    /// Reads a number that takes all of the text: ASCII digits with an optional sign, point and
    /// exponent, and nothing else.
    ///
    /// - Returns: The nearest double, infinite for what is beyond the largest one; nil for text
    ///   that is no such number.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var number = DecimalNumber()
        guard number.read(text) else { return nil }
        guard let magnitude = number.exact ?? number.rounded else {
            return Double(String(decoding: text, as: UTF8.self))
        }
        return number.isNegative ? -magnitude : magnitude
    }

    /// - Returns: Whether the text is a number.
    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        func next() -> UInt8 { position < text.count ? text[position] : 0 }
        if next() == UInt8(ascii: "-") || next() == UInt8(ascii: "+") {
            isNegative = next() == UInt8(ascii: "-")
            position += 1
        }
        var (count, length) = (0, 0)
        var point: Int?
        while true {
            let byte = next()
            if byte == UInt8(ascii: "."), point == nil {
                point = length
            } else if case let digit = byte &- 48, digit < 10 {
                length += 1
                if count < 19 {
                    digits = digits * 10 + UInt64(digit)
                    if digits > 0 { count += 1 }
                } else {
                    exponent += 1
                    if digit > 0 { isCut = true }
                }
            } else {
                break
            }
            position += 1
        }
        exponent -= point.map { length - $0 } ?? 0
        guard length > 0 else { return false }
        guard position < text.count else { return true }
        return readExponent(text[(position)...])
    }

    private mutating func readExponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard text.first == UInt8(ascii: "e") || text.first == UInt8(ascii: "E") else {
            return false
        }
        var text = text.dropFirst()
        let isBelow = text.first == UInt8(ascii: "-")
        if isBelow || text.first == UInt8(ascii: "+") { text = text.dropFirst() }
        guard !text.isEmpty else { return false }
        var value = 0
        for byte in text {
            guard 48...57 ~= byte else { return false }
            // No text is long enough to bring such an exponent back into the table.
            if value < 1 << 50 { value = value * 10 + Int(byte - 48) }
        }
        exponent += isBelow ? -value : value
        return true
    }

    /// The number where digits and power of ten are doubles, so that one operation rounds once.
    private var exact: Double? {
        guard !isCut else { return nil }
        if digits == 0 { return 0 }
        guard digits <= 1 << 53, -22...22 ~= exponent else { return nil }
        let power = Self.powersOfTen[abs(exponent)]
        return exponent < 0 ? Double(digits) / power : Double(digits) * power
    }

    /// The number by one product of 64 bits each; nil where the error decides.
    private var rounded: Double? {
        guard -PowerOfFive.largest...PowerOfFive.largest ~= exponent, digits > 0 else {
            return nil
        }
        let power = PowerOfFive.table[exponent + PowerOfFive.largest]
        let shift = digits.leadingZeroBitCount
        let product = (digits << UInt64(shift)).multipliedFullWidth(by: power.significand).high
        // The product is too small by less than this many units of its last place.
        let error: UInt64 = 2 + (isCut ? 1 << UInt64(shift) : 0)
        let excess = 11 - product.leadingZeroBitCount
        let half = UInt64(1) << UInt64(excess - 1)
        let rest = product & (half << 1 - 1)
        guard rest + error <= half || rest > half else { return nil }
        let mantissa = (product >> UInt64(excess)) + (rest > half ? 1 : 0)
        let binary = excess + 64 - shift + power.exponent + exponent
        return Double(mantissa) * Double(bitPattern: UInt64(1023 + binary) << 52)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

/// A power of five, `significand · 2^exponent`, too small by less than one unit of the last place.
private struct PowerOfFive {
    /// Between 2⁶³ and 2⁶⁴.
    let significand: UInt64
    let exponent: Int

    /// 5⁵⁵ is the largest that fits 128 bits.
    static let largest = 55

    /// From 5⁻⁵⁵ to 5⁵⁵.
    static let table = (-largest...largest).map { PowerOfFive($0) }

    private init(_ power: Int) {
        let value = (0..<abs(power)).reduce(UInt128(1)) { product, _ in product * 5 }
        let width = UInt128.bitWidth - value.leadingZeroBitCount
        if power >= 0 {
            let aligned = value << UInt128(value.leadingZeroBitCount)
            significand = UInt64(truncatingIfNeeded: aligned >> 64)
            exponent = width - 64
        } else {
            // The largest power of two below the divisor makes a quotient of 128 bits.
            let high = UInt128(1) << UInt128(width - 1)
            let quotient = value.dividingFullWidth((high: high, low: 0)).quotient
            significand = UInt64(truncatingIfNeeded: quotient >> 64)
            exponent = -63 - width
        }
    }
}
