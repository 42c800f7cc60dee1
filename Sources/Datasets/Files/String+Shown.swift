extension String {
    /// The text on one line, shortened and without control characters.
    ///
    /// Names and messages come from files that others wrote: an error must not carry their escape
    /// sequences to a terminal, nor a megabyte of text to a log.
    func shown(limit: Int = 200) -> String {
        let kept = unicodeScalars.prefix(limit).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }
        return kept.joined() + (unicodeScalars.count > limit ? "…" : "")
    }
}
