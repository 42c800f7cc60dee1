public import TensorGraph

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
