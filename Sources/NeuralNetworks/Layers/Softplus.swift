public import TensorGraph

/// log(1 + eˣ), a smooth ReLU.
public struct Softplus: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.softplus() }
}

extension Tensor {
    /// log(1 + eˣ); x itself above 20, where the two agree to 2·10⁻⁹, as in PyTorch.
    public func softplus() -> Tensor {
        let isLarge = self .> 20
        // Large numbers must not reach the exponential: 0 · ∞ would poison the derivative.
        return .select(isLarge, self, (1 + Tensor.select(isLarge, 0, self).exp()).log())
    }
}

extension Softplus: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "softplus"
}
