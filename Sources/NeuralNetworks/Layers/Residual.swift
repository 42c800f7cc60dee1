public import TensorGraph

/// A layer's result added to its input, or to a shortcut's result where the shapes differ.
///
/// Source: He et al. 2015, arXiv:1512.03385.
public struct Residual: Layer {
    private let body: any Layer
    private let shortcut: (any Layer)?

    /// `body(x) + x`, or `body(x) + shortcut(x)`.
    public init(_ body: any Layer, shortcut: (any Layer)? = nil) {
        self.body = body
        self.shortcut = shortcut
    }

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
