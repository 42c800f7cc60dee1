/// The look that all figures share.
enum Style {
    static let card = Color(0xFFFFFF)
    static let ink = Color(0x1F2328)
    static let fadedInk = Color(0x59636E)
    static let axis = Color(0x8C959F)
    static let grid = Color(0xE7EAED)
    static let fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

    static let titleSize = 14.0
    static let labelSize = 12.0
    static let tickSize = 11.0

    /// A generous guess at a text's width, good enough to keep texts apart: the exact width depends
    /// on the fonts of the machine that shows the figure.
    static func width(of text: String, size: Double) -> Double {
        Double(text.count) * size * 0.62
    }
}
