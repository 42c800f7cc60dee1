#if canImport(Runtime)
    import Runtime
#endif

/// Finds the line of user code that is building a tensor now.
///
/// Operators cannot take a `#line` argument, so the place is read from the call stack, and only
/// once a mistake has been found: a correct graph costs nothing.
package enum CallSite {
    /// Parts of paths: of our folders, and of what an optimised build has instead of an operator's.
    private static let notUsers = [
        "Sources/TensorGraph/", "Sources/NeuralNetworks/", "<compiler-generated>",
    ]

    /// `file:line` of the innermost frame outside the libraries that define tensors and layers;
    /// nil where the binary has no debug information.
    package static func current() -> String? {
        #if canImport(Runtime)
            guard let trace = try? Backtrace.capture(limit: 64).symbolicated() else { return nil }
            for frame in trace.frames {
                guard let place = frame.symbol?.sourceLocation, place.line > 0 else { continue }
                if notUsers.contains(where: { place.path.contains($0) }) { continue }
                return "\(place.path):\(place.line)"
            }
        #endif
        return nil
    }
}
