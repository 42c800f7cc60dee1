public import TensorGraph

/// A residual block of critics, which halves height and width.
///
/// `pooled(conv2(relu(norm2(conv1(relu(norm1(x))))))) + shortcut(pooled(x))`, with 3×3 kernels, a
/// 1×1 kernel on the shortcut, and the mean of each 2×2 window; an odd row or column at the end is
/// left out. The shortcut's kernel is applied after the pooling and `conv2` together with it, which
/// changes nothing but the time.
///
/// Source: Gulrajani et al. 2017, appendix F, arXiv:1704.00028, after He et al. 2016,
/// arXiv:1603.05027.
public struct ResidualDown: Layer {
    package let layers: PreactivationLayers

    /// Creates `norm1`, `conv1`, `norm2`, `conv2` and `shortcut` in scopes of these names.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input, and between the two convolutions.
    ///   - outputs: Channels of the output.
    ///   - normalisation: What stands before each rectifier.
    public init(
        _ inputs: Int, _ outputs: Int, normalisation: BlockNormalisation = .none,
        in store: inout ParameterStore
    ) {
        layers = PreactivationLayers(
            inputs, middle: inputs, outputs, normalisation: normalisation, scale: 1, in: &store)
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            layers.norm1, ReLU(), layers.conv1, layers.norm2, ReLU(), layers.conv2, AvgPool2d(2),
            layers.shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, H/2, W/2, outputs]`, rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let middle = layers.conv1(layers.first(x, &pass), &pass)
        let change = layers.conv2.thenMeanPooled(layers.second(middle, &pass), &pass)
        return change + layers.shortcut(AvgPool2d(2)(x, &pass), &pass)
    }
}

extension ResidualDown: ConfigurableLayer, PreactivationBlock {
    /// `residualDown: 128`, or `residualDown: {outputs: 128, normalisation: layerNorm}`.
    package static let configurationName = "residualDown"
}
