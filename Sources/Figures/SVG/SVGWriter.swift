/// Writes the markup of an SVG document, element by element.
public struct SVGWriter: Sendable {
    /// What has been written so far.
    package private(set) var markup = ""

    package init() {}

    /// Adds an element without children.
    ///
    /// - Parameter text: Its text; characters that XML reserves or forbids are taken care of.
    public mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, SVGValue> = [:], text: String? = nil
    ) {
        open(name, attributes)
        if let text {
            markup += ">"
            markup += Self.escaped(text)
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

    /// Text as XML 1.0 may hold it: reserved characters replaced, forbidden ones dropped.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
