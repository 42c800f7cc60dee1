/// A mistake in a configuration: one sentence that says what is wrong, where, and what to do.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible, Sendable {
    /// Where the mistake was written.
    public let location: ConfigurationLocation

    /// What is wrong and what to do, without the place.
    public let message: String

    /// An error at a place.
    ///
    /// - Parameters:
    ///   - location: Where the mistake was written.
    ///   - message: What is wrong and what to do, in one sentence without its full stop.
    public init(location: ConfigurationLocation, message: String) {
        self.location = location
        self.message = message
    }

    /// The place, a colon and the message: `mixture.yaml:14:7: unknown key 'steps'; …`.
    public var description: String { "\(location): \(message)" }
}

/// The place where a setting was written.
public enum ConfigurationLocation: Hashable, CustomStringConvertible, Sendable {
    /// A whole file, where no line can be named.
    case file(String)

    /// A position in a file; lines and columns start at one, columns count Unicode scalars.
    case position(file: String, line: Int, column: Int)

    /// A command-line override, named by its dotted path (or its whole text where it has none).
    case override(String)

    /// `mixture.yaml`, `mixture.yaml:14:7` or `--set critic.iterations`.
    public var description: String {
        switch self {
        case .file(let file): file
        case .position(let file, let line, let column): "\(file):\(line):\(column)"
        case .override(let path): "--set \(path)"
        }
    }
}

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
