package import StrictYAML
public import TensorGraph

/// x where x > 0, else α(eˣ − 1).
///
/// Source: Clevert et al. 2015, arXiv:1511.07289.
public struct ELU: Layer {
    /// Values stay above minus this.
    package let alpha: Double

    /// A layer whose values stay above −alpha.
    public init(alpha: Double = 1) { self.alpha = alpha }

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        x.elu(alpha: alpha)
    }
}

extension Tensor {
    /// x where x > 0, else α(eˣ − 1).
    public func elu(alpha: Double = 1) -> Tensor {
        let isPositive = self .> 0
        // Large positive numbers must not reach the exponential: 0 · ∞ would poison the derivative.
        let negativePart = Tensor.select(isPositive, 0, self)
        return .select(isPositive, self, Tensor(alpha) * (negativePart.exp() - 1))
    }
}

extension ELU: ConfigurableLayer {
    /// `elu`, or `elu: {alpha: 0.5}`.
    package static let configurationName = "elu"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(alpha: try section.number("alpha", default: 1, greaterThan: 0))
    }
}
