package import StrictYAML
public import TensorGraph

/// Steps divided by a running root mean square of the gradient, in PyTorch's form.
///
/// `v ← α v + (1 − α) g²`, `p ← p − η g / (√v + ε)`; with momentum `b ← momentum · b + g/(√v + ε)`,
/// `p ← p − η b`.
public struct RMSprop: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// α, the share of the old mean square that is kept.
    public var alpha: Double
    /// ε, outside the root.
    public var epsilon: Double
    /// The share of the last direction that is kept.
    public var momentum: Double
    /// The coefficient of an L2 penalty on the parameters.
    public var weightDecay: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, alpha: Double = 0.99, epsilon: Double = 1e-8,
        momentum: Double = 0,
        weightDecay: Double = 0
    ) {
        (self.learningRate, self.alpha, self.epsilon) = (learningRate, alpha, epsilon)
        (self.momentum, self.weightDecay) = (momentum, weightDecay)
    }

    /// One step as above.
    ///
    /// Its state: v as `<parameter>.rmsprop.v` and, with momentum, b as
    /// `<parameter>.rmsprop.momentum`; both begin at 0.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        var result = OptimiserStep()
        let rate = store.rate(learningRate, in: scope) * factor
        for (parameter, gradient) in zip(parameters, gradients) {
            let value = parameter.tensor
            let gradient = gradient.decayed(value, by: weightDecay)
            let square = store.state(beside: parameter, "rmsprop.v")
            let mean = square.tensor.averaged(with: gradient * gradient, decay: alpha)
            result.updates.append((square, mean))
            var direction = gradient / (mean.sqrt() + Tensor(epsilon))
            if momentum != 0 {
                let buffer = store.state(beside: parameter, "rmsprop.momentum")
                direction = Tensor(momentum) * buffer.tensor + direction
                result.updates.append((buffer, direction))
            }
            result.values.append(value - rate * direction)
        }
        return result
    }
}

extension RMSprop: ConfigurableOptimiser {
    package static let configurationName = "rmsprop"
    package var hasMomentum: Bool { momentum > 0 }

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            learningRate: try section.learningRate(),
            alpha: try section.share("alpha", default: 0.99),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-8),
            momentum: try section.share("momentum", default: 0),
            weightDecay: try section.value("weightDecay", .number(minimum: 0), default: 0))
    }
}
