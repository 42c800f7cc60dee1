public import TensorGraph

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

    public var parts: [any Layer] { layers }

    /// From the first layer's input to the last one's result.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        layers.reduce(x) { value, layer in layer(value, &pass) }
    }
}
