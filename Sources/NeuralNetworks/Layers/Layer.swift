public import TensorGraph

/// A function of a tensor, with parameters of its own or without.
///
/// Batches of vectors are `[N, F]`, batches of images `[N, H, W, C]`. A tensor that a layer cannot
/// take becomes an invalid tensor, whose mistake is thrown when a program is made of it.
public protocol Layer: Sendable {
    /// The layers that this one is made of, in the order in which they act; none for most.
    var parts: [any Layer] { get }

    /// The layer's result for `x`.
    ///
    /// - Parameter pass: Says whether the network is being trained, and collects what changes.
    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor
}

extension Layer {
    public var parts: [any Layer] { [] }
}
