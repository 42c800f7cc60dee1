extension String {
    /// The text in single quotes, shortened and without control characters.
    ///
    /// Names come from files that others wrote: an error must not carry their escape sequences
    /// to a terminal, nor a megabyte of text to a log.
    var quoted: String {
        let limit = 200
        let shown = unicodeScalars.prefix(limit).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }
        return "'" + shown.joined() + (unicodeScalars.count > limit ? "…'" : "'")
    }
}
