/// Whether two values have the same type and are equal.
///
/// By `==` where the type has it. Layers, initialisations, objectives and transformations have
/// none: they are compared by their texts, which show all that they store.
package func areEqual(_ found: Any, _ expected: Any) -> Bool {
    guard type(of: found) == type(of: expected) else { return false }
    guard let value = found as? any Equatable else { return "\(found)" == "\(expected)" }
    return value.isEqual(to: expected)
}

extension Equatable {
    fileprivate func isEqual(to other: Any) -> Bool { (other as? Self) == self }
}
