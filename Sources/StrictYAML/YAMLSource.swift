/// Where YAML text came from, which decides how its places are named.
enum YAMLSource {
    case file(String)
    /// The value of a command-line override with this path.
    case override(String)

    /// The place of a line and column, both starting at one.
    func location(line: Int, column: Int) -> ConfigurationLocation {
        switch self {
        case .file(let file): .position(file: file, line: line, column: column)
        case .override(let path): .override(path)
        }
    }

    /// The place of a byte of the text.
    func location(ofByte offset: Int, in bytes: some Collection<UInt8>) -> ConfigurationLocation {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0b1100_0000 != 0b1000_0000 {
                column += 1
            }
        }
        return location(line: line, column: column)
    }
}
