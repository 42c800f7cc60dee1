package import StrictYAML
public import TensorGraph

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
        self.init(slope: try section.number("slope", default: 0.01, in: 0...1))
    }
}
