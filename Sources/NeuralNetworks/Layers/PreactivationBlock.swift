package import StrictYAML
package import TensorGraph

/// A residual block that changes the size of images, with rectifiers before its convolutions.
///
/// Source: Gulrajani et al. 2017, appendix F, arXiv:1704.00028, after He et al. 2016,
/// arXiv:1603.05027.
package protocol PreactivationBlock: ConfigurableLayer {
    /// A block from images of `inputs` channels to images of `outputs` channels.
    init(
        _ inputs: Int, _ outputs: Int, normalisation: BlockNormalisation,
        in store: inout ParameterStore)
}

extension PreactivationBlock {
    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "outputs")
        self.init(
            try section.channels(of: input),
            try section.value("outputs", .integer(in: LayerLimits.channels)),
            normalisation: try BlockNormalisation(reading: section, input: input), in: &store)
    }
}

/// What such a block is made of.
package struct PreactivationLayers: Sendable {
    /// What stands before the first rectifier.
    package let norm1: (any Layer)?
    /// From the input's channels to the middle ones, 3×3.
    package let conv1: Conv2d
    /// What stands before the second rectifier.
    package let norm2: (any Layer)?
    /// From the middle channels to the output's, 3×3.
    package let conv2: Conv2d
    /// From the input's channels to the output's, 1×1.
    package let shortcut: Conv2d

    /// Creates all layers in scopes of their names.
    ///
    /// - Parameter scale: How many times the images in the middle are as high and wide as the
    ///   block's input.
    init(
        _ inputs: Int, middle: Int, _ outputs: Int, normalisation: BlockNormalisation, scale: Int,
        in store: inout ParameterStore
    ) {
        norm1 = normalisation.layer("norm1", channels: inputs, in: &store)
        conv1 = store.scoped("conv1") { Conv2d(inputs, middle, kernel: 3, padding: 1, in: &$0) }
        norm2 = normalisation.layer("norm2", channels: middle, scale: scale, in: &store)
        conv2 = store.scoped("conv2") { Conv2d(middle, outputs, kernel: 3, padding: 1, in: &$0) }
        shortcut = store.scoped("shortcut") { Conv2d(inputs, outputs, kernel: 1, in: &$0) }
    }

    /// What the first convolution is given for the block's input.
    func first(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        (norm1?(x, &pass) ?? x).relu()
    }

    /// What the second convolution is given for the first one's result.
    func second(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        (norm2?(x, &pass) ?? x).relu()
    }
}

/// What stands before each rectifier of a residual block.
public enum BlockNormalisation: Hashable, Sendable {
    /// Nothing.
    case none
    /// Normalisation over the batch, for generators.
    case batchNorm2d
    /// Normalisation of each channel of each image.
    case instanceNorm2d
    /// Normalisation of each image, for critics under a gradient penalty; the block's input has
    /// images of this size.
    case layerNorm(height: Int, width: Int)

    /// The normalisation of images of `channels` channels in a block.
    ///
    /// - Parameter scale: How many times the images are as high and wide as the block's input.
    func layer(
        _ name: String, channels: Int, scale: Int = 1, in store: inout ParameterStore
    ) -> (any Layer)? {
        store.scoped(name) { store in
            switch self {
            case .none: nil
            case .batchNorm2d: BatchNorm2d(channels, in: &store)
            case .instanceNorm2d: InstanceNorm2d(channels, in: &store)
            case .layerNorm(let height, let width):
                LayerNorm([channels, height * scale, width * scale], in: &store)
            }
        }
    }

    /// `normalisation: batchNorm2d`; none by default.
    ///
    /// - Parameter input: The shape of the block's input, `[N, H, W, C]`.
    init(reading section: ConfigurationSection, input: Shape) throws(ConfigurationError) {
        let choices: [String: Self] = [
            "none": .none, "batchNorm2d": .batchNorm2d, "instanceNorm2d": .instanceNorm2d,
            "layerNorm": .layerNorm(height: input[1], width: input[2]),
        ]
        self = try section.choice("normalisation", of: choices, default: "none")
    }
}
