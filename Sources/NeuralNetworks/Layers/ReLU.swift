public import TensorGraph

/// The positive part: x where x > 0, else 0; its derivative at zero is 0.
public struct ReLU: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.relu() }
}

extension Tensor {
    /// x where x > 0, else 0; the derivative at zero is 0. What is not a number stays so.
    public func relu() -> Tensor { .select(self .<= 0, 0, self) }
}

extension ReLU: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "relu"
}
