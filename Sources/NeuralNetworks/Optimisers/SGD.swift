package import StrictYAML
public import TensorGraph

/// Gradient descent, with momentum where asked for.
///
/// `b ← momentum · b + g` (b begins at 0, so that the first step is the gradient's),
/// `p ← p − η · b`, or with Nesterov's form `p ← p − η (g + momentum · b)`. PyTorch's definition.
public struct SGD: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// The share of the last direction that is kept, 0 ≤ momentum < 1.
    public var momentum: Double
    /// Whether the direction looks ahead by one step.
    public var nesterov: Bool
    /// The coefficient of an L2 penalty on the parameters.
    public var weightDecay: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, momentum: Double = 0, nesterov: Bool = false,
        weightDecay: Double = 0
    ) {
        (self.learningRate, self.momentum) = (learningRate, momentum)
        (self.nesterov, self.weightDecay) = (nesterov, weightDecay)
    }

    /// One step as above.
    ///
    /// Its state: with momentum, b as `<parameter>.sgd.momentum`; without, none.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        var result = OptimiserStep()
        let rate = store.rate(learningRate, in: scope) * factor
        for (parameter, gradient) in zip(parameters, gradients) {
            let value = parameter.tensor
            var direction = gradient.decayed(value, by: weightDecay)
            if momentum != 0 {
                let buffer = store.state(beside: parameter, "sgd.momentum")
                let velocity = Tensor(momentum) * buffer.tensor + direction
                direction = nesterov ? direction + Tensor(momentum) * velocity : velocity
                result.updates.append((buffer, velocity))
            }
            result.values.append(value - rate * direction)
        }
        return result
    }
}

extension SGD: ConfigurableOptimiser {
    package static let configurationName = "sgd"
    package var hasMomentum: Bool { momentum > 0 }

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            learningRate: try section.learningRate(),
            momentum: try section.share("momentum", default: 0),
            nesterov: try section.value("nesterov", .boolean, default: false),
            weightDecay: try section.value("weightDecay", .number(minimum: 0), default: 0))
        guard momentum > 0 || !nesterov else {
            throw section.invalid("nesterov", "has no effect without momentum; set that above 0")
        }
    }
}
