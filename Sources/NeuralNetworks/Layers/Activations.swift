package import StrictYAML
public import TensorGraph

/// The positive part: x where x > 0, else 0; its derivative at zero is 0.
public struct ReLU: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.relu() }
}

extension Tensor {
    /// x where x > 0, else 0; the derivative at zero is 0. What is not a number stays so.
    public func relu() -> Tensor { .select(self .<= 0, 0, self) }
}

extension ReLU: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "relu"
}

/// x where x > 0, else slope · x; its derivative at zero is the slope.
public struct LeakyReLU: Layer {
    /// The slope for negative numbers.
    package let slope: Double

    /// A layer with this slope for negative numbers.
    public init(slope: Double = 0.01) { self.slope = slope }

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        x.leakyReLU(slope: slope)
    }
}

extension Tensor {
    /// x where x > 0, else slope · x; the derivative at zero is the slope.
    public func leakyReLU(slope: Double) -> Tensor {
        .select(self .> 0, self, Tensor(slope) * self)
    }
}

extension LeakyReLU: ConfigurableLayer {
    /// `leakyReLU`, or `leakyReLU: 0.2`.
    package static let configurationName = "leakyReLU"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "slope")
        self.init(slope: try section.value("slope", .number(in: 0...1), default: 0.01))
    }
}

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
        self.init(alpha: try section.value("alpha", .number(greaterThan: 0), default: 1))
    }
}

/// A scaled ELU whose constants keep mean 0 and variance 1 from layer to layer.
///
/// Source: Klambauer et al. 2017, arXiv:1706.02515.
public struct SELU: Layer {
    package static let scale = 1.050_700_987_355_480_5
    package static let alpha = 1.673_263_242_354_377_3

    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        Tensor(Self.scale) * x.elu(alpha: Self.alpha)
    }
}

extension SELU: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "selu"
}

/// log(1 + eˣ), a smooth ReLU.
public struct Softplus: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.softplus() }
}

extension Tensor {
    /// log(1 + eˣ); x itself above 20, where the two agree to 2·10⁻⁹, as in PyTorch.
    public func softplus() -> Tensor {
        let isLarge = self .> 20
        // Large numbers must not reach the exponential: 0 · ∞ would poison the derivative.
        return .select(isLarge, self, (1 + Tensor.select(isLarge, 0, self).exp()).log())
    }
}

extension Softplus: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "softplus"
}

/// The logistic function 1 / (1 + e⁻ˣ) of each number, in 0…1.
public struct Sigmoid: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.sigmoid() }
}

extension Sigmoid: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "sigmoid"
}

/// The hyperbolic tangent of each number, in −1…1.
public struct Tanh: Layer {
    /// The layer has no settings.
    public init() {}

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x.tanh() }
}

extension Tanh: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "tanh"
}
