import ArgumentParser

/// Help as it is printed.
enum HelpText {
    /// Text that fits the terminal, but for lines that are examples: those stay whole, so that they
    /// can be copied.
    ///
    /// - Parameter text: Gives the text for a width; nil stands for the terminal's.
    static func withWholeExamples(_ text: (_ columns: Int?) -> String) -> String {
        let wide = text(10_000).split(separator: "\n", omittingEmptySubsequences: false)
        let examples = wide.filter { $0.hasPrefix("  wgan ") || $0.hasPrefix("  ssh ") }
        var lines = text(nil).split(separator: "\n", omittingEmptySubsequences: false)[...]
        var result: [Substring] = []
        while let line = lines.popFirst() {
            let whole = examples.lazy.compactMap { example -> (Substring, Int)? in
                guard example.hasPrefix(line), example != line else { return nil }
                return count(of: lines, thatContinue: line, to: example).map { (example, $0) }
            }.first
            result.append(whole?.0 ?? line)
            lines = lines.dropFirst(whole?.1 ?? 0)
        }
        return result.joined(separator: "\n")
    }

    /// How many lines make a whole example with the one before; nil where they do not.
    private static func count(
        of lines: ArraySlice<Substring>, thatContinue first: Substring, to example: Substring
    ) -> Int? {
        var words = first.split(separator: " ")
        let all = example.split(separator: " ")
        guard !words.isEmpty else { return nil }
        for (count, line) in lines.enumerated() {
            words += line.split(separator: " ")
            if words.count >= all.count { return words == all ? count + 1 : nil }
        }
        return nil
    }
}
