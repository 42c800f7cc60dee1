/// An opaque colour of the screen's colour space, sRGB.
public struct Color: Hashable, Sendable {
    /// The red part, 0…255.
    public var red: UInt8
    /// The green part, 0…255.
    public var green: UInt8
    /// The blue part, 0…255.
    public var blue: UInt8

    /// A colour of these parts, each 0…255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour `0xRRGGBB`; higher bits are ignored.
    public init(_ hex: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }
}

extension Color {
    /// The first colour of ``palette``: `#0077bb`.
    public static let blue = Color(0x0077BB)
    /// The second colour of ``palette``: `#ee7733`.
    public static let orange = Color(0xEE7733)
    /// The third colour of ``palette``: `#009988`.
    public static let teal = Color(0x009988)
    /// The fourth colour of ``palette``: `#ee3377`.
    public static let magenta = Color(0xEE3377)
    /// The fifth colour of ``palette``: `#33bbee`.
    public static let cyan = Color(0x33BBEE)
    /// The sixth colour of ``palette``: `#cc3311`.
    public static let red = Color(0xCC3311)
    /// The last colour of ``palette``: `#7f868e`.
    public static let grey = Color(0x7F868E)

    /// Colours for series in the order they are handed out, told apart with any common kind of
    /// colour vision and on white.
    ///
    /// Source: Paul Tol, “Colour Schemes” (SRON/EPS/TN/09-002, issue 3.2), scheme “vibrant”.
    /// Differs in the order and in a darker grey.
    public static let palette: [Color] = [blue, orange, teal, magenta, cyan, red, grey]

    /// The colour of the series at `index` where it has none of its own.
    static func ofSeries(_ index: Int) -> Color { palette[index % palette.count] }

    /// `#rrggbb`.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce(into: "#") { text, channel in
            text.append(digits[Int(channel >> 4)])
            text.append(digits[Int(channel & 15)])
        }
    }
}
