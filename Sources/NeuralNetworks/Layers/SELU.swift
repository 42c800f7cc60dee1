public import TensorGraph

/// A scaled ELU whose constants keep mean 0 and variance 1 from layer to layer.
///
/// Source: Klambauer et al. 2017, arXiv:1706.02515.
public struct SELU: Layer {
    package static let scale = 1.050_700_987_355_480_5
    package static let alpha = 1.673_263_242_354_377_3

    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        Tensor(Self.scale) * x.elu(alpha: Self.alpha)
    }
}

extension SELU: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "selu"
}
