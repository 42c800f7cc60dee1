public import TensorGraph

/// A residual block of generators, which doubles height and width.
///
/// `conv2(relu(norm2(conv1(doubled(relu(norm1(x))))))) + shortcut(doubled(x))`, with 3×3 kernels, a
/// 1×1 kernel on the shortcut, and each pixel doubled both ways. The shortcut's kernel is applied
/// before the doubling and `conv1` together with it, which changes nothing but the time.
///
/// Source: Gulrajani et al. 2017, appendix F, arXiv:1704.00028, after He et al. 2016,
/// arXiv:1603.05027.
public struct ResidualUp: Layer {
    package let layers: PreactivationLayers

    /// Creates `norm1`, `conv1`, `norm2`, `conv2` and `shortcut` in scopes of these names.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output, and between the two convolutions.
    ///   - normalisation: What stands before each rectifier.
    public init(
        _ inputs: Int, _ outputs: Int, normalisation: BlockNormalisation = .none,
        in store: inout ParameterStore
    ) {
        layers = PreactivationLayers(
            inputs, middle: outputs, outputs, normalisation: normalisation, scale: 2, in: &store)
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            layers.norm1, ReLU(), Upsample(), layers.conv1, layers.norm2, ReLU(), layers.conv2,
            layers.shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, 2·H, 2·W, outputs]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let middle = layers.conv1.afterDoubling(layers.first(x, &pass), &pass)
        let change = layers.conv2(layers.second(middle, &pass), &pass)
        return change + Upsample()(layers.shortcut(x, &pass), &pass)
    }
}

extension ResidualUp: ConfigurableLayer, PreactivationBlock {
    /// `residualUp: 128`, or `residualUp: {outputs: 128, normalisation: batchNorm2d}`.
    package static let configurationName = "residualUp"
}
