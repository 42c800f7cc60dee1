/// A mistake in building a graph: an operation that its operands' shapes do not allow.
///
/// Arithmetic on tensors does not throw; the first such mistake is thrown when the tensors that
/// depend on it are made into a ``Program``.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the shapes involved.
    public let message: String
    /// The file and line of the user's code that built the operation, where it could be found.
    public let location: String?

    /// The message, after `file:line: ` where the place is known.
    public var description: String {
        location.map { "\($0): \(message)" } ?? message
    }
}

/// Operands that an operation refuses, before the place of the mistake is known.
package struct ShapeMismatch: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
}

#if canImport(Runtime)
    import Runtime
#endif

/// The place in user code where a tensor was built.
///
/// Operators cannot take a `#line` argument, so it is read from the call stack, and only where
/// there is a mistake: a correct graph costs nothing. The stack is kept as it is; names and lines
/// are looked up when somebody asks, since this takes seconds and many a mistake is never thrown.
package struct CallSite: Sendable {
    /// Parts of paths: of our folders, and of what an optimised build has instead of an operator's.
    private static let notUsers = [
        "Sources/TensorGraph/", "Sources/NeuralNetworks/", "<compiler-generated>",
    ]

    #if canImport(Runtime)
        private let trace = try? Backtrace.capture(limit: 64)
    #endif

    /// The place that is building a tensor now.
    package init() {}

    /// `file:line` of the innermost frame outside the libraries that define tensors and layers;
    /// nil where the binary has no debug information.
    package var line: String? {
        #if canImport(Runtime)
            for frame in trace?.symbolicated()?.frames ?? [] {
                guard let place = frame.symbol?.sourceLocation, place.line > 0 else { continue }
                if Self.notUsers.contains(where: { place.path.contains($0) }) { continue }
                return "\(place.path):\(place.line)"
            }
        #endif
        return nil
    }
}
