public import TensorGraph

/// The hyperbolic tangent of each number, in −1…1.
public struct Tanh: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.tanh() }
}

extension Tanh: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "tanh"
}
