package import StrictYAML
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
    package let norm1, norm2: (any Layer)?
    package let conv1, conv2, shortcut: Conv2d

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
        norm1 = normalisation.layer("norm1", channels: inputs, in: &store)
        conv1 = store.scoped("conv1") { Conv2d(inputs, outputs, kernel: 3, padding: 1, in: &$0) }
        norm2 = normalisation.layer("norm2", channels: outputs, scale: 2, in: &store)
        conv2 = store.scoped("conv2") { Conv2d(outputs, outputs, kernel: 3, padding: 1, in: &$0) }
        shortcut = store.scoped("shortcut") { Conv2d(inputs, outputs, kernel: 1, in: &$0) }
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            norm1, ReLU(), Upsample(), conv1, norm2, ReLU(), conv2, shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, 2·H, 2·W, outputs]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let start = (norm1?(x, &pass) ?? x).relu()
        let middle = conv1.afterDoubling(start, &pass)
        let change = conv2((norm2?(middle, &pass) ?? middle).relu(), &pass)
        return change + Upsample()(shortcut(x, &pass), &pass)
    }
}

extension ResidualUp: ConfigurableLayer {
    /// `residualUp: 128`, or `residualUp: {outputs: 128, normalisation: batchNorm2d}`.
    package static let configurationName = "residualUp"

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
