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

extension Flatten: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "flatten"
}
