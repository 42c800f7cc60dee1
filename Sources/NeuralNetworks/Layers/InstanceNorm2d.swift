package import StrictYAML
public import TensorGraph

/// Each channel of each image shifted and scaled to mean 0 and variance 1 over its pixels.
///
/// `(x − mean) / √(variance + ε)` with the biased variance, then by learned numbers where asked
/// for.
///
/// Source: Ulyanov et al. 2016, arXiv:1607.08022; PyTorch's definition without running statistics.
public struct InstanceNorm2d: Layer {
    /// The factor `[channels]`, or nil.
    public let weight: Parameter?
    /// The addend `[channels]`, or nil.
    public let bias: Parameter?
    /// Added to the variance.
    package let epsilon: Double

    /// Creates, where asked for, `weight` and `bias` in `store`.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, affine: Bool = false,
        in store: inout ParameterStore
    ) {
        weight = affine ? store.parameter("weight", [channels], .normScale) : nil
        bias = affine ? store.parameter("bias", [channels], .normShift) : nil
        self.epsilon = epsilon
    }

    /// `[N, H, W, channels]`, unchanged in shape.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "instance normalisation") }
        let (_, variance, deviations) = x.moments(along: [1, 2])
        let normalised = deviations * (1 / (variance + Tensor(epsilon)).sqrt())
        guard let weight, let bias else { return normalised }
        return normalised * pass.value(of: weight) + pass.value(of: bias)
    }
}

extension InstanceNorm2d: ConfigurableLayer {
    /// `instanceNorm2d`, or `instanceNorm2d: {epsilon: 1e-5, affine: true}`.
    package static let configurationName = "instanceNorm2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(
            try section.channels(of: input),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-5),
            affine: try section.value("affine", .boolean, default: false), in: &store)
    }
}
