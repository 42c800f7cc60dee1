/// A mistake in building a graph: an operation that its operands' shapes do not allow.
///
/// Arithmetic on tensors does not throw; the first such mistake is thrown when the tensors that
/// depend on it are made into a ``Program``.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the shapes involved.
    public let message: String
    /// The file and line of the user's code that built the operation, where it could be found.
    public let location: String?

    public var description: String {
        location.map { "\($0): \(message)" } ?? message
    }
}

/// Operands that an operation refuses, before the place of the mistake is known.
package struct ShapeMismatch: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
}
