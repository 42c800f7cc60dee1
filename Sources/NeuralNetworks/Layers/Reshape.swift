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
            channels: try section.value("channels", .integer(in: LayerLimits.channels)),
            height: try section.value("height", .integer(in: LayerLimits.size)),
            width: try section.value("width", .integer(in: LayerLimits.size)))
    }
}

/// Each image as a vector, in PyTorch's order: channels, then rows, then columns.
public struct Flatten: Layer {
    /// The layer has no settings.
    public init() {}

    /// `[N, H, W, C]` → `[N, C·H·W]`; `[N, F]` unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        switch x.rank {
        case 2: x
        case 4:
            x.transposed([0, 3, 1, 2])
                .reshaped([x.shape[0], x.shape[1] * x.shape[2] * x.shape[3]])
        default:
            .invalid("flattening takes [N, H, W, C] or [N, F], not \(x.shape)", from: x)
        }
    }
}

extension Tensor {
    /// `x Wᵀ` for a weight `[outputs, inputs]`.
    ///
    /// Flattened images are read as they lie in memory, channels last, and the columns of the
    /// weight brought into that order instead, where the weight is the smaller of the two.
    func matmulOfFlattened(_ weight: Tensor) -> Tensor {
        guard let images = imagesBeforeFlattening, weight.rank == 2,
            weight.shape[0] <= shape[0], weight.shape[1] == shape[1]
        else { return matmul(weight, transposeSecond: true) }
        let (outputs, size) = (weight.shape[0], images.shape)
        let columns =
            weight.reshaped([outputs, size[3], size[1], size[2]]).transposed([0, 2, 3, 1])
            .reshaped([outputs, shape[1]])
        return images.reshaped([shape[0], shape[1]]).matmul(columns, transposeSecond: true)
    }
}

extension Flatten: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "flatten"
}
