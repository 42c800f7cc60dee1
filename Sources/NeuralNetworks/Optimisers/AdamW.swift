package import StrictYAML
public import TensorGraph

/// Adam with weight decay apart from the gradient: `p ← p (1 − η · weightDecay)` before its step.
///
/// Source: Loshchilov and Hutter 2017, arXiv:1711.05101; PyTorch's form.
public struct AdamW: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// The share of the old mean that is kept; with 0 no mean is kept.
    public var beta1: Double
    /// The share of the old mean square that is kept.
    public var beta2: ScheduledNumber
    /// ε, outside the root.
    public var epsilon: Double
    /// The share of a parameter that a step of size 1 would take away.
    public var weightDecay: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, beta1: Double = 0.9, beta2: ScheduledNumber = 0.999,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0.01
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    }

    /// One step as above, with the state of ``Adam``.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        let adam = Adam(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
        var result = adam.step(
            parameters, gradients: gradients, factor: factor, scope: scope, in: &store)
        let loss = store.rate(learningRate.scaled(by: weightDecay), in: scope + ".decay") * factor
        for (number, parameter) in parameters.enumerated() {
            result.values[number] = result.values[number] - loss * parameter.tensor
        }
        return result
    }
}

extension AdamW: ConfigurableOptimiser {
    package static let configurationName = "adamW"
    package var hasMomentum: Bool { beta1 > 0 }
    package var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        [("learningRate", learningRate), ("beta2", beta2)]
    }

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            learningRate: try section.learningRate(),
            beta1: try section.share("beta1", default: 0.9),
            beta2: try section.scheduledNumber("beta2", default: 0.999, in: .share),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-8),
            weightDecay: try section.value("weightDecay", .number(minimum: 0), default: 0.01))
    }
}
