public import TensorGraph

/// The mean of each channel over all pixels.
///
/// As PyTorch's `AdaptiveAvgPool2d(1)`, flattened.
public struct GlobalAvgPool2d: Layer, ConfigurableLayer, WithoutSettings {
    /// `globalAvgPool2d`.
    package static let configurationName = "globalAvgPool2d"

    /// The layer, which has no settings.
    public init() {}

    /// `[N, H, W, C]` → `[N, C]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "average pooling") }
        return x.mean(along: [1, 2])
    }
}
