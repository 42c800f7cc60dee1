package import StrictYAML
public import TensorGraph

/// The numbers of each pixel, or of each vector, divided by the root of their mean square.
///
/// `x / √(mean(x²) + ε)`, without learned numbers.
///
/// Source: Karras et al. 2018, section 4.2, arXiv:1710.10196.
public struct PixelNorm: Layer {
    /// Added to the mean square.
    package let epsilon: Double

    /// A layer that adds `epsilon` under the root.
    public init(epsilon: Double = 1e-8) { self.epsilon = epsilon }

    /// `[N, H, W, C]` or `[N, F]`, unchanged in shape.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 || x.rank == 2 else {
            return .invalid(
                "pixel normalisation takes [N, H, W, C] or [N, F], not \(x.shape)", from: x)
        }
        let kept = Shape(x.shape.dimensions.dropLast() + [1])
        let square = (x * x).mean(along: [x.rank - 1]).reshaped(kept)
        return x * (1 / (square + Tensor(epsilon)).sqrt())
    }
}

extension PixelNorm: ConfigurableLayer {
    /// `pixelNorm`, or `pixelNorm: {epsilon: 1e-8}`.
    package static let configurationName = "pixelNorm"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-8))
    }
}
