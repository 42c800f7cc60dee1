/// Writes a page of HTML that is well-formed XML too, element by element.
struct HTMLWriter {
    typealias Attributes = KeyValuePairs<String, String>

    /// What has been written so far.
    private(set) var markup = ""

    /// Adds an element with a text, whose reserved characters are taken care of.
    mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
        open(name, attributes)
        markup += ">" + Self.escaped(text) + "</\(name)>\n"
    }

    /// Adds an element and, inside, what `content` writes.
    mutating func element(
        _ name: String, _ attributes: Attributes = [:], content: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        markup += ">\n"
        content(&self)
        markup += "</\(name)>\n"
    }

    /// Adds an element that can hold nothing, such as an image.
    mutating func void(_ name: String, _ attributes: Attributes) {
        open(name, attributes)
        markup += "/>\n"
    }

    /// Adds markup as it is.
    mutating func raw(_ text: String) { markup += text }

    private mutating func open(_ name: String, _ attributes: Attributes) {
        markup += "<" + name
        for (key, value) in attributes { markup += " \(key)=\"\(Self.escaped(value))\"" }
    }

    /// Text with reserved characters replaced, and without those that XML 1.0 forbids.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{0}"..<"\t", "\u{B}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
