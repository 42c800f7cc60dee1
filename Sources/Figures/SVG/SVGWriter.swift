import Files
import Foundation

/// Writes the markup of an SVG document, element by element.
public struct SVGWriter: Sendable {
    /// What has been written so far.
    package private(set) var markup = ""

    package init() {}

    /// Adds an element without children.
    ///
    /// - Parameters:
    ///   - name: The element's name.
    ///   - attributes: Its attributes, in order.
    ///   - text: Its text; characters that XML reserves or forbids are taken care of.
    public mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, SVGValue> = [:], text: String? = nil
    ) {
        open(name, attributes)
        if let text {
            markup += ">"
            markup += text.escapedForMarkup
            close(name)
        } else {
            markup += "/>\n"
        }
    }

    /// Adds an element and, inside, what `content` writes.
    public mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, SVGValue> = [:],
        content: (inout SVGWriter) -> Void
    ) {
        open(name, attributes)
        markup += ">\n"
        content(&self)
        close(name)
    }

    private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, SVGValue>) {
        markup += "<"
        markup += name
        for (key, value) in attributes {
            markup += " "
            markup += key
            markup += "=\""
            markup += value.markup
            markup += "\""
        }
    }

    private mutating func close(_ name: String) {
        markup += "</\(name)>\n"
    }

}

/// The `d` attribute of a path made of straight lines.
struct SVGPath {
    private(set) var commands = ""
    private var isDrawing = false
    private var isSinglePoint = false

    /// Goes on to the point, or begins a new line there after a gap.
    mutating func add(_ point: SIMD2<Double>) {
        commands += isDrawing ? "L" : "M"
        commands += SVGValue.digits(point.x)
        commands += " "
        commands += SVGValue.digits(point.y)
        isSinglePoint = !isDrawing
        isDrawing = true
    }

    /// Ends the line; a line of one point becomes a dot, which round line ends make visible.
    mutating func lift() {
        if isSinglePoint { commands += "h0" }
        isDrawing = false
        isSinglePoint = false
    }
}

/// The value of an attribute of an SVG element.
public enum SVGValue: Sendable, ExpressibleByStringInterpolation {
    /// A text, escaped where XML needs it.
    case text(String)
    /// A number, written with up to two decimals; the non-finite become 0.
    case number(Double)
    /// Numbers with spaces between them.
    case numbers([Double])
    /// A colour, written as `#rrggbb`.
    case colour(Colour)

    /// A text: a literal in the code needs no `.text`.
    public init(stringLiteral value: String) { self = .text(value) }

    var markup: String {
        switch self {
        case .text(let text): text.escapedForMarkup
        case .number(let number): Self.digits(number)
        case .numbers(let numbers): numbers.map(Self.digits).joined(separator: " ")
        case .colour(let colour): colour.hexadecimal
        }
    }

    /// The number in few digits: hundredths of a pixel cannot be seen.
    static func digits(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        let hundredths = Int((min(max(number, -1e7), 1e7) * 100).rounded())
        let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
        return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// How figures within a dark page look: their colours have counterparts.
package enum DarkPage {
    private static let counterparts: KeyValuePairs<Colour, Colour> = [
        Style.card: Colour(0x161B22), Style.ink: Colour(0xE6EDF3), Style.fadedInk: Colour(0x9198A1),
        Style.axis: Colour(0x6E7681), Style.grid: Colour(0x262C36),
        .blue: Colour(0x4DABE8), .orange: Colour(0xF39A63), .teal: Colour(0x35BFA9),
        .magenta: Colour(0xF4709F), .cyan: Colour(0x6FD0F5), .red: Colour(0xF0705A),
        .grey: Colour(0x9AA1A9),
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
