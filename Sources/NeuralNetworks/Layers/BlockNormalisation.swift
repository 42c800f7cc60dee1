import StrictYAML
import TensorGraph

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
