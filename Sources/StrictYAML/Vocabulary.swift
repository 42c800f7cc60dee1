/// What is known of a document's keys before it is read: which of them name kinds, and what other
/// programs call them.
public struct Vocabulary: Sendable {
    /// The keys whose value, or whose list of values, is one of several kinds: `name` or
    /// `{name: settings}`. An override of another kind replaces such a value.
    public let taggedKeys: Set<String>

    /// Our names for a word.
    private let names: [String: [String]]
    private let places: [String: String]

    /// - Parameters:
    ///   - taggedKeys: See ``taggedKeys``.
    ///   - synonyms: Our name for a key or kind, and other programs' words for it with blanks
    ///     between. A word may stand for several; those that the reader of a section knows are
    ///     offered.
    ///   - places: Words that other programs have at the top of a file, and where the setting is
    ///     found in ours.
    ///
    /// Case, `_`, `-`, dots and blanks make no difference between words.
    public init(
        taggedKeys: Set<String> = [], synonyms: KeyValuePairs<String, String> = [:],
        places: KeyValuePairs<String, String> = [:]
    ) {
        self.taggedKeys = taggedKeys
        var names: [String: [String]] = [:]
        for (ours, words) in synonyms {
            for word in words.split(separator: " ") {
                names[Self.word(word), default: []].append(ours)
            }
        }
        self.names = names
        let pairs = places.flatMap { words, place in
            words.split(separator: " ").map { (Self.word($0), place) }
        }
        self.places = Dictionary(pairs) { first, _ in first }
    }

    /// Our names for `name` among the known ones; empty where there is none.
    func names(for name: String, among known: [String]) -> [String] {
        (names[Self.word(name)] ?? []).filter(known.contains)
    }

    /// Where the setting is found that other programs have at the top under this name.
    func place(of name: String) -> String? { places[Self.word(name)] }

    /// Whether two names differ in nothing but case, `_`, `-`, dots and blanks.
    static func isSame(_ first: String, _ second: String) -> Bool { word(first) == word(second) }

    private static func word(_ name: some StringProtocol) -> String {
        String(name.lowercased().filter { !"_- .".contains($0) })
    }
}
