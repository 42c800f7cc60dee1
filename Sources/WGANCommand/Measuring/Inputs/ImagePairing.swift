/// Which images of two folders belong together, by their names.
///
/// Those of equal names, endings included, come first. The others belong together by their names
/// without endings, if only one of each folder has that name. Names are paths from the folders on,
/// and capitals are told from small letters.
struct ImagePairing {
    /// Places in both folders, in the order of the first.
    var pairs: [(Int, Int)] = []
    /// The names that have no partner, of both folders.
    var unpaired: [String] = []

    /// - Throws: ``CommandFailure`` for names that could belong to several, or without a pair.
    init(_ first: [String], _ second: [String]) throws {
        let places = Dictionary(zip(second, second.indices)) { earlier, _ in earlier }
        var partners = first.map { places[$0] }
        let taken = Set(partners.compactMap { $0 })
        let stems = Dictionary(grouping: second.indices.filter { !taken.contains($0) }) {
            Self.stem(second[$0])
        }
        let rest = Dictionary(grouping: first.indices.filter { partners[$0] == nil }) {
            Self.stem(first[$0])
        }
        for (stem, own) in rest.sorted(by: { $0.value[0] < $1.value[0] }) {
            guard let others = stems[stem] else { continue }
            try Self.requireOne(own.map { first[$0] }, for: others.map { second[$0] })
            try Self.requireOne(others.map { second[$0] }, for: own.map { first[$0] })
            partners[own[0]] = others[0]
        }
        pairs = partners.enumerated().compactMap { place, other in other.map { (place, $0) } }
        let paired = Set(pairs.map(\.1))
        unpaired =
            first.indices.filter { partners[$0] == nil }.map { first[$0] }
            + second.indices.filter { !paired.contains($0) }.map { second[$0] }
        guard !pairs.isEmpty else {
            throw CommandFailure(
                "no image of one folder has the name of one of the other, such as "
                    + "\(first[0]) and \(second[0]); give paired images the same "
                    + "names, from the folders on")
        }
    }

    private static func requireOne(_ names: [String], for others: [String]) throws {
        guard names.count > 1 else { return }
        throw CommandFailure(
            "\(others[0]) could be paired with \(names[0]) or \(names[1]); "
                + "give paired images the same names, endings included")
    }

    /// A path without the ending of its file's name.
    private static func stem(_ path: String) -> String {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[start...].lastIndex(of: "."), dot > start else { return path }
        return String(path[..<dot])
    }
}
