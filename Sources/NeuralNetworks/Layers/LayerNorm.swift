package import StrictYAML
public import TensorGraph

/// Each sample shifted and scaled to mean 0 and variance 1 over all its numbers, then by learned
/// ones.
///
/// `(x − mean) / √(variance + ε) · weight + bias` with the biased variance of one sample. Samples
/// do not influence each other, so that it may stand in a critic under a gradient penalty, where
/// batch normalisation may not.
///
/// Source: Ba et al. 2016, arXiv:1607.06450; PyTorch's definition.
public struct LayerNorm: Layer {
    /// The factor, of a sample's shape in PyTorch's order: `[C, H, W]` or `[F]`.
    public let weight: Parameter
    /// The addend, of the same shape.
    public let bias: Parameter
    /// Added to the variance.
    package let epsilon: Double

    /// Creates `weight` and `bias` in `store`.
    ///
    /// - Parameters:
    ///   - sample: The shape of a sample in PyTorch's order: `[C, H, W]` or `[F]`.
    ///   - epsilon: Added to the variance.
    ///   - store: Where the parameters are created.
    public init(_ sample: Shape, epsilon: Double = 1e-5, in store: inout ParameterStore) {
        weight = store.parameter("weight", sample, .normScale)
        bias = store.parameter("bias", sample, .normShift)
        self.epsilon = epsilon
    }

    /// `[N, H, W, C]` or `[N, F]`, unchanged in shape.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let (scale, shift) = (
            channelsLast(pass.value(of: weight)), channelsLast(pass.value(of: bias))
        )
        guard x.rank >= 2, scale.shape == Shape(Array(x.shape.dimensions.dropFirst())) else {
            return .invalid(
                "layer normalisation of samples \(weight.shape) in C, H, W order cannot take "
                    + "\(x.shape)", from: x)
        }
        let (_, variance, deviations) = x.moments(along: Array(1..<x.rank))
        return deviations * (1 / (variance + Tensor(epsilon)).sqrt()) * scale + shift
    }

    private func channelsLast(_ value: Tensor) -> Tensor {
        value.rank == 3 ? value.transposed([1, 2, 0]) : value
    }
}

extension LayerNorm: ConfigurableLayer {
    /// `layerNorm`, or `layerNorm: {epsilon: 1e-5}`.
    package static let configurationName = "layerNorm"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let sample: Shape =
            input.rank == 2
            ? [input[1]] : [try section.channels(of: input), input[1], input[2]]
        self.init(
            sample, epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-5),
            in: &store)
    }
}
