public import TensorGraph

/// The logistic function 1 / (1 + e⁻ˣ) of each number, in 0…1.
public struct Sigmoid: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.sigmoid() }
}

extension Sigmoid: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "sigmoid"
}
