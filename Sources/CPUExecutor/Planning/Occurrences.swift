extension Sequence where Element: Hashable {
    /// How often each element occurs.
    var occurrences: [Element: Int] {
        reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
