import StrictYAML
import WGAN

/// What the command makes of its words before they are parsed, and adds to what the parser says of
/// them.
enum UsageErrors {
    /// Numbers with a minus sign joined to the option before them, `--seed -1` to `--seed=-1`: the
    /// parser would take them for options, and complain of a missing value.
    static func joinedNumbers(_ words: [String]) -> [String] {
        let options = words.firstIndex(of: "--") ?? words.endIndex
        return words.indices.reduce(into: []) { joined, index in
            let word = words[index]
            let isValue =
                index > 0 && index < options && isOption(words[index - 1])
                && !words[index - 1].contains("=") && beginsAsNegativeNumber(word)
            if isValue {
                joined[joined.count - 1] += "=\(word)"
            } else {
                joined.append(word)
            }
        }
    }

    /// The parser's message with a sentence about what was probably meant.
    ///
    /// - Parameters:
    ///   - message: Of several lines, the first of which says what is wrong.
    ///   - words: What the parser was given.
    static func completed(_ message: String, words: [String]) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        guard let remedy = remedy(for: lines[0], words: words) else { return message }
        let ends = [".", "?"].contains { lines[0].hasSuffix($0) }
        lines[0] += ends ? " \(remedy)" : ". \(remedy)"
        return lines.joined(separator: "\n")
    }

    private static func remedy(for complaint: String, words: [String]) -> String? {
        let quoted = complaint.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        if complaint.contains("Missing value for '") {
            let option = String(quoted.prefix { $0 != " " })
            guard let place = words.firstIndex(of: option), place + 1 < words.count,
                words[place + 1].hasPrefix("-")
            else { return nil }
            return "A value that begins with a dash is written after an equals sign, "
                + "as in \(option)=\(words[place + 1])."
        }
        if complaint.contains("Unknown option '") { return setting(for: quoted, words: words) }
        return meantNumber(quoted).map { "Write \($0)." }
    }

    /// How the setting is changed that an unknown option stands for, where the verb takes settings.
    private static func setting(for option: String, words: [String]) -> String? {
        let verbs = ["train", "plan", "resume", "sweep", "import"]
        guard let verb = words.first(where: { !$0.hasPrefix("-") }), verbs.contains(verb),
            isOption(option),
            let place = TrainingConfiguration.place(of: String(option.dropFirst(2)))
        else { return nil }
        return "Settings are changed with --set KEY=VALUE; this one is \(place)."
    }

    private static func isOption(_ word: String) -> Bool { word.hasPrefix("--") && word.count > 2 }

    /// `-1`, `-.5`, `-1,1`: no option of the command begins with a digit.
    private static func beginsAsNegativeNumber(_ word: String) -> Bool {
        guard word.first == "-", let next = word.dropFirst().first else { return false }
        let digits = "0"..."9"
        return digits.contains(String(next))
            || next == "." && word.dropFirst(2).first.map { digits.contains(String($0)) } == true
    }
}
