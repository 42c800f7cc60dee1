package import StrictYAML
public import TensorGraph

/// While training, numbers replaced by zero at random, the others scaled up to keep the mean.
///
/// Source: Srivastava et al. 2014.
public struct Dropout: Layer {
    private let probability: Double

    /// A layer that drops each number with `probability`, 0 ≤ probability < 1.
    public init(_ probability: Double = 0.5) { self.probability = probability }

    /// Any shape, unchanged.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard (0..<1).contains(probability) else {
            return .invalid("the dropout probability \(probability) is not in 0..<1", from: x)
        }
        guard pass.mode == .training, probability > 0 else { return x }
        let chance = Tensor.randomUniform(x.shape, stream: pass.takeStream())
        let isKept = chance .>= Tensor(probability)
        return x * (isKept * Tensor(1 / (1 - probability)))
    }
}

extension Dropout: ConfigurableLayer {
    /// `dropout`, or `dropout: 0.3`.
    package static let configurationName = "dropout"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "probability")
        self.init(try section.value("probability", .number(in: 0..<1), default: 0.5))
    }
}
