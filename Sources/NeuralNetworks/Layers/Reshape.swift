package import StrictYAML
public import TensorGraph

/// Each vector as an image, its numbers in PyTorch's order: channels, then rows, then columns.
public struct Reshape: Layer {
    /// The extents of an image.
    package let channels, height, width: Int

    /// A layer that makes images of this size.
    public init(channels: Int, height: Int, width: Int) {
        (self.channels, self.height, self.width) = (channels, height, width)
    }

    /// `[N, channels·height·width]`, or images of as many numbers, →
    /// `[N, height, width, channels]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let vectors = Flatten()(x, &pass)
        guard vectors.rank == 2, vectors.shape[1] == channels * height * width else {
            return .invalid(
                "samples of \(x.shape) cannot become images of \(channels) channels, "
                    + "\(height)×\(width)", from: x)
        }
        return vectors.reshaped([x.shape[0], channels, height, width]).transposed([0, 2, 3, 1])
    }
}

extension Reshape: ConfigurableLayer {
    /// `reshape: {channels: 128, height: 7, width: 7}`.
    package static let configurationName = "reshape"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(
            channels: try section.integer("channels", in: LayerLimits.channels),
            height: try section.integer("height", in: LayerLimits.size),
            width: try section.integer("width", in: LayerLimits.size))
    }
}
