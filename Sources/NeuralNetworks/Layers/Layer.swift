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
    /// - Parameters:
    ///   - x: A batch, `[N, …]`.
    ///   - pass: Says whether the network is being trained, and collects what changes.
    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor
}

extension Layer {
    /// A layer is made of no others, unless its type says so.
    public var parts: [any Layer] { [] }
}

/// Layers applied one after the other.
public struct Sequential: Layer {
    /// The layers, first to last.
    public let layers: [any Layer]

    /// Layers that exist already.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// Makes the layers, each in a scope named by its number, as PyTorch's Sequential does.
    ///
    /// ```swift
    /// Sequential(in: &store, [{ Linear(2, 100, in: &$0) }, { _ in ReLU() }])
    /// ```
    public init(
        in store: inout ParameterStore, _ makers: [(inout ParameterStore) -> any Layer]
    ) {
        layers = makers.enumerated().map { number, make in store.scoped("\(number)", make) }
    }

    /// The ``layers``.
    public var parts: [any Layer] { layers }

    /// From the first layer's input to the last one's result.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        layers.reduce(x) { value, layer in layer(value, &pass) }
    }
}
