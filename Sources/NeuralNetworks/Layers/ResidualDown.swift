package import StrictYAML
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
    package let norm1, norm2: (any Layer)?
    package let conv1, conv2, shortcut: Conv2d

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
        norm1 = normalisation.layer("norm1", channels: inputs, in: &store)
        conv1 = store.scoped("conv1") { Conv2d(inputs, inputs, kernel: 3, padding: 1, in: &$0) }
        norm2 = normalisation.layer("norm2", channels: inputs, in: &store)
        conv2 = store.scoped("conv2") { Conv2d(inputs, outputs, kernel: 3, padding: 1, in: &$0) }
        shortcut = store.scoped("shortcut") { Conv2d(inputs, outputs, kernel: 1, in: &$0) }
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            norm1, ReLU(), conv1, norm2, ReLU(), conv2, AvgPool2d(2), shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, H/2, W/2, outputs]`, rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let middle = conv1((norm1?(x, &pass) ?? x).relu(), &pass)
        let change = conv2.thenMeanPooled((norm2?(middle, &pass) ?? middle).relu(), &pass)
        return change + shortcut(AvgPool2d(2)(x, &pass), &pass)
    }
}

extension ResidualDown: ConfigurableLayer {
    /// `residualDown: 128`, or `residualDown: {outputs: 128, normalisation: layerNorm}`.
    package static let configurationName = "residualDown"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "outputs")
        self.init(
            try section.channels(of: input),
            try section.integer("outputs", in: LayerLimits.channels),
            normalisation: try BlockNormalisation(reading: section, input: input), in: &store)
    }
}
