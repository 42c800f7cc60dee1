import Foundation

/// `1 key`, `2 keys`.
///
/// - Parameter plural: The noun's plural; by default with an s.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

extension String {
    /// The text on one line, shortened, with what is not visible written as an escape sequence.
    ///
    /// Names and messages come from files that others wrote: a sentence must not carry their
    /// control characters to a terminal, nor a megabyte of text to a log.
    ///
    /// - Parameter limit: The most characters that are kept.
    package func shown(limit: Int = 200) -> String {
        var shown = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                shown += scalar.escaped(asASCII: true)
            default:
                shown.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.dropFirst(limit).isEmpty ? shown : shown + "…"
    }

    /// The text as ``shown(limit:)``, in single quotes.
    package var quoted: String { "'\(shown())'" }

    /// The text within XML 1.0 or HTML: reserved characters are replaced, forbidden ones shown as
    /// U+FFFD.
    package var escapedForMarkup: String {
        var result = ""
        for scalar in unicodeScalars {
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

    /// A name for a file or folder that any system takes: other characters than ASCII letters,
    /// digits, `-`, `_` and `.` become hyphens, and it begins with neither a dot, which would hide
    /// it, nor a hyphen, which would look like an option.
    ///
    /// - Parameter limit: The most characters that are kept.
    /// - Returns: Nil where nothing is left.
    package func fileName(limit: Int = 100) -> String? {
        let kept = unicodeScalars.prefix(limit).map { $0.isOfFileNames ? Character($0) : "-" }
        let name = kept.drop { $0 == "." || $0 == "-" }
        return name.isEmpty ? nil : String(name)
    }

    /// Whether the text consists of characters that ``fileName(limit:)`` keeps.
    package var isOfFileNames: Bool { unicodeScalars.allSatisfy(\.isOfFileNames) }
}

/// A path from the root on; a relative one starts from the current folder. Nothing else of it
/// changes: `..` after a link leads where the system says.
package func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    let folder = FileManager.default.currentDirectoryPath
    let tail = path == "." ? "" : path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return tail.isEmpty ? folder : folder.hasSuffix("/") ? folder + tail : "\(folder)/\(tail)"
}

extension Unicode.Scalar {
    fileprivate var isOfFileNames: Bool {
        isASCII
            && (properties.isAlphabetic || "0"..."9" ~= self || "-_.".unicodeScalars.contains(self))
    }
}
