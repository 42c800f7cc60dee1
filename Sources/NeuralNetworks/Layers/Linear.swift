package import StrictYAML
public import TensorGraph

/// An affine map: `y = x Wᵀ + b`.
public struct Linear: Layer {
    /// `[outputs, inputs]`.
    public let weight: Parameter
    /// `[outputs]`, or nil for a linear map.
    public let bias: Parameter?

    /// Creates `weight` and, where asked for, `bias` in `store`.
    public init(
        _ inputs: Int, _ outputs: Int, bias: Bool = true, in store: inout ParameterStore
    ) {
        let fans = Fans(inputs, outputs)
        weight = store.parameter("weight", [outputs, inputs], .linearWeight, fans: fans)
        self.bias = bias ? store.parameter("bias", [outputs], .bias, fans: fans) : nil
    }

    /// `[N, inputs]` → `[N, outputs]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let product = x.matmulOfFlattened(pass.value(of: weight))
        return bias.map { product + pass.value(of: $0) } ?? product
    }
}

extension Linear: ConfigurableLayer {
    /// `linear: 100`, or `linear: {outputs: 100, bias: false}`.
    package static let configurationName = "linear"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "outputs")
        self.init(
            try section.features(of: input),
            try section.value("outputs", .integer(in: LayerLimits.features)),
            bias: try section.value("bias", .boolean, default: true), in: &store)
    }
}
