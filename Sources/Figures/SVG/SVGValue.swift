import Foundation

/// The value of an attribute of an SVG element.
public enum SVGValue: Sendable, ExpressibleByStringInterpolation {
    /// A text, escaped where XML needs it.
    case text(String)
    /// A number, written with up to two decimals; the non-finite become 0.
    case number(Double)
    /// Numbers with spaces between them.
    case numbers([Double])
    /// A colour.
    case color(Color)

    public init(stringLiteral value: String) { self = .text(value) }

    var markup: String {
        switch self {
        case .text(let text): SVGWriter.escaped(text)
        case .number(let number): Self.digits(number)
        case .numbers(let numbers): numbers.map(Self.digits).joined(separator: " ")
        case .color(let color): color.hexadecimal
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
