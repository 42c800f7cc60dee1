/// Finds the known name that a mistyped one was probably meant to be.
package enum NearestName {
    /// The nearest of the known names, or nil where none is near.
    ///
    /// Case, `_` and `-` do not count, so that `learning_rate` is `learningRate`; beyond that one
    /// edit in three letters is forgiven.
    package static func find(_ name: String, among known: [String]) -> String? {
        let letters = normalised(name)
        let allowed = max(1, letters.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let other = normalised(candidate)
            guard abs(other.count - letters.count) <= allowed else { continue }
            let distance = distance(letters, other)
            if distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
    ///
    /// Source: the optimal string alignment distance, Damerau 1964 and Levenshtein 1966.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                let replaced = last[j] + (first[i] == second[j] ? 0 : 1)
                var cost = min(replaced, last[j + 1] + 1, row[j] + 1)
                let isSwap =
                    i > 0 && j > 0 && first[i] == second[j - 1] && first[i - 1] == second[j]
                if isSwap { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[second.count]
    }

    private static func normalised(_ name: String) -> [Character] {
        Array(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}

/// A number as it was probably meant: with a point for a decimal comma, with the ASCII minus.
///
/// - Returns: Nil where the text is a number already, or is none in this reading either.
package func meantNumber(_ text: String) -> String? {
    let meant = text.map { character -> String in
        switch character {
        case ",": "."
        case "\u{2212}", "\u{2013}": "-"
        default: String(character)
        }
    }.joined()
    guard meant != text, DecimalText(meant) != nil else { return nil }
    return meant
}
