package import StrictYAML
public import TensorGraph

/// RMSprop in the form of TensorFlow 1: ε inside the root, the learning rate inside the momentum.
///
/// `v ← ρ v + (1 − ρ) g²`, `m ← momentum · m + η g / √(v + ε)`, `p ← p − m`; v begins at 1, which
/// makes the first steps small.
public struct TensorFlowRMSprop: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// ρ, the share of the old mean square that is kept.
    public var rho: Double
    /// ε, inside the root.
    public var epsilon: Double
    /// The share of the last step that is kept.
    public var momentum: Double
    /// v before the first step: 1 in TensorFlow 1, 0 in Keras.
    public var initialAccumulator: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, rho: Double = 0.9, epsilon: Double = 1e-10,
        momentum: Double = 0,
        initialAccumulator: Double = 1
    ) {
        (self.learningRate, self.rho, self.epsilon) = (learningRate, rho, epsilon)
        (self.momentum, self.initialAccumulator) = (momentum, initialAccumulator)
    }

    /// One step as above.
    ///
    /// Its state: v as `<parameter>.rmsprop.v`, which begins at ``initialAccumulator``, and with
    /// momentum m as `<parameter>.rmsprop.momentum`, which begins at 0.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        var result = OptimiserStep()
        let rate = store.rate(learningRate, in: scope) * factor
        for (parameter, gradient) in zip(parameters, gradients) {
            let square = store.state(
                beside: parameter, "rmsprop.v", initially: initialAccumulator)
            let mean = square.tensor.averaged(with: gradient * gradient, decay: rho)
            result.updates.append((square, mean))
            var change = rate * gradient / (mean + Tensor(epsilon)).sqrt()
            if momentum != 0 {
                let buffer = store.state(beside: parameter, "rmsprop.momentum")
                change = Tensor(momentum) * buffer.tensor + change
                result.updates.append((buffer, change))
            }
            result.values.append(parameter.tensor - change)
        }
        return result
    }
}

extension TensorFlowRMSprop: ConfigurableOptimiser {
    package static let configurationName = "tensorFlowRMSprop"
    package var hasMomentum: Bool { momentum > 0 }

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            learningRate: try section.learningRate(),
            rho: try section.share("rho", default: 0.9),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-10),
            momentum: try section.share("momentum", default: 0),
            initialAccumulator: try section.value(
                "initialAccumulator", .number(minimum: 0), default: 1))
    }
}
