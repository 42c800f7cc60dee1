import Foundation

/// `a`, `a and b`, `a, b and c`.
func listed(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
}

/// A text in double quotes, as YAML and JSON both read it.
package func doubleQuoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // Encoding a string cannot fail.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
}

/// A number as a person writes it: `0` and `0.5`, not `0.0`.
func shortest(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
}
