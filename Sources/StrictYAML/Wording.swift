/// `1 key`, `2 keys`.
///
/// - Parameter plural: The noun's plural; by default with an s.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `a`, `a and b`, `a, b and c`.
func listed(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
}

/// A number as a person writes it: `0` and `0.5`, not `0.0`.
func shortest(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
}
