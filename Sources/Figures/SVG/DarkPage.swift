/// How figures within a dark page look: their colours have counterparts.
package enum DarkPage {
    private static let counterparts: KeyValuePairs<Color, Color> = [
        Style.card: Color(0x161B22), Style.ink: Color(0xE6EDF3), Style.fadedInk: Color(0x9198A1),
        Style.axis: Color(0x6E7681), Style.grid: Color(0x262C36),
        .blue: Color(0x4DABE8), .orange: Color(0xF39A63), .teal: Color(0x35BFA9),
        .magenta: Color(0xF4709F), .cyan: Color(0x6FD0F5), .red: Color(0xF0705A),
        .grey: Color(0x9AA1A9),
    ]

    /// Rules of a style sheet for `svg` elements that are part of a page.
    package static var styleSheet: String {
        // A figure's own colours are attributes, before which rules go.
        counterparts.flatMap { light, dark in
            ["fill", "stroke"].map { attribute in
                "svg [\(attribute)=\"\(light.hexadecimal)\"]"
                    + "{\(attribute):\(dark.hexadecimal)}\n"
            }
        }.joined()
    }
}
