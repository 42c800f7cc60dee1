import ArgumentParser

/// Help as it is printed.
enum HelpText {
    /// Text that fits the terminal, but for lines that are examples: those stay whole, so that they
    /// can be copied.
    ///
    /// - Parameter text: Gives the parser's text for a width; nil stands for the terminal's.
    static func withWholeExamples(_ text: (_ columns: Int?) -> String) -> String {
        let narrow = lines(of: text(nil))
        let wide = lines(of: text(10_000))
        // What comes before the usage is prose with examples in it.
        guard let end = narrow.firstIndex(where: isUsage),
            let wideEnd = wide.firstIndex(where: isUsage)
        else { return narrow.joined(separator: "\n") }
        let width = max(narrow[..<end].map(\.count).max() ?? 80, 40)
        let prose = wide[..<wideEnd].flatMap { line in
            line.hasPrefix("  ") ? [String(line)] : wrapped(line, to: width)
        }
        return (prose + narrow[end...].map { String($0) }).joined(separator: "\n")
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func isUsage(_ line: Substring) -> Bool { line.hasPrefix("USAGE:") }

    private static func wrapped(_ line: Substring, to width: Int) -> [String] {
        var lines = [""]
        for word in line.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
