import Files
import Yams

/// Says in one sentence what the YAML parser could not read.
struct SyntaxErrorTranslator {
    static let alias =
        "aliases are not supported; write the value out, or put text that starts with '*' in quotes"

    let source: YAMLSource
    let yaml: String

    func translate(_ error: any Error) -> ConfigurationError {
        switch error as? YamlError {
        case .reader(let problem, let offset, let value, _):
            reader(problem, offset: offset, value: value)
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            syntax(problem, context: context, at: mark)
        case .composer(_, let problem, let mark, _):
            composer(problem, at: mark)
        case .duplicatedKeysInMapping(let keys, let context):
            ConfigurationError(
                location: location(context.mark),
                message:
                    "the key '\((keys.first ?? "").shown(limit: 60))' is given more than once in "
                    + "the "
                    + "same mapping; keep one")
        default:
            ConfigurationError(
                location: source.location(line: 1, column: 1),
                message:
                    "the YAML parser failed (\(("\(error)").shown(limit: 60))); simplify the file")
        }
    }

    private func reader(_ problem: String, offset: Int?, value: Int32) -> ConfigurationError {
        let index = offset.flatMap {
            yaml.index(yaml.startIndex, offsetBy: $0, limitedBy: yaml.endIndex)
        }
        let byte = yaml.utf8.distance(from: yaml.startIndex, to: index ?? yaml.startIndex)
        let character = Unicode.Scalar(UInt32(bitPattern: value)).map { codePoint($0) + ": " } ?? ""
        return ConfigurationError(
            location: source.location(ofByte: byte, in: yaml.utf8),
            message: "the text cannot be read (\(character)\(problem)); remove the character or "
                + "save the file as UTF-8")
    }

    private func syntax(
        _ problem: String, context: YamlError.Context?, at mark: Mark
    ) -> ConfigurationError {
        var place = ""
        if let context {
            place = " \(context.text)"
            if case .file = source { place += " that starts at line \(context.mark.line)" }
        }
        return ConfigurationError(
            location: location(mark),
            message: "not valid YAML (\(problem)\(place)); check indentation, colons, brackets and "
                + "quotes there")
    }

    private func composer(_ problem: String, at mark: Mark) -> ConfigurationError {
        let message =
            switch problem {
            case "but found another document":
                "a second document starts here; keep one document in a file"
            case "found undefined alias": Self.alias
            default: "not valid YAML (\(problem)); simplify the text there"
            }
        return ConfigurationError(location: location(mark), message: message)
    }

    private func location(_ mark: Mark) -> ConfigurationLocation {
        source.location(line: mark.line, column: mark.column)
    }

    private func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
