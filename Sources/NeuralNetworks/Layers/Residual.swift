package import StrictYAML
public import TensorGraph

/// A layer's result added to its input, or to a shortcut's result where the shapes differ.
///
/// Source: He et al. 2015, arXiv:1512.03385.
public struct Residual: Layer {
    package let body: any Layer
    package let shortcut: (any Layer)?

    /// `body(x) + x`, or `body(x) + shortcut(x)`.
    public init(_ body: any Layer, shortcut: (any Layer)? = nil) {
        self.body = body
        self.shortcut = shortcut
    }

    /// The body and, where there is one, the shortcut; both are applied to the same input.
    public var parts: [any Layer] { [body] + (shortcut.map { [$0] } ?? []) }

    /// As `body`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let change = body(x, &pass)
        let kept = shortcut?(x, &pass) ?? x
        guard change.shape == kept.shape else {
            return .invalid(
                "a residual block adds \(change.shape) to \(kept.shape); give it a shortcut that "
                    + "changes the shape alike", from: change, kept)
        }
        return change + kept
    }
}

extension Residual: ConfigurableLayer {
    /// `residual: [relu, {linear: 100}]`, or `residual: {layers: […], shortcut: […]}`.
    package static let configurationName = "residual"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "layers")
        let read = { (key: String, store: inout ParameterStore) throws(ConfigurationError) in
            Sequential(
                try ConfiguredNetwork(reading: key, of: section, input: input, in: &store).layers)
        }
        body = try store.scoped("layers") { (store) throws(ConfigurationError) in
            try read("layers", &store)
        }
        let hasShortcut = section.has("shortcut") && !section.isNull("shortcut")
        shortcut =
            hasShortcut
            ? try store.scoped("shortcut") { (store) throws(ConfigurationError) in
                try read("shortcut", &store)
            } : nil
    }

}
