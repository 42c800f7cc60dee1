package import StrictYAML
public import TensorGraph

/// Adam in the form of TensorFlow 1, the paper's "epsilon hat": the corrections stand outside the
/// root, so that ε weighs more in the first steps.
///
/// `p ← p − η · √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)`, with m and v as in ``Adam``.
///
/// Source: Kingma and Ba 2014, end of section 2, arXiv:1412.6980.
public struct TensorFlowAdam: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// The share of the old mean that is kept; with 0 no mean is kept.
    public var beta1: Double
    /// The share of the old mean square that is kept.
    public var beta2: ScheduledNumber
    /// ε, outside the root.
    public var epsilon: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, beta1: Double = 0.9, beta2: ScheduledNumber = 0.999,
        epsilon: Double = 1e-8
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        self.epsilon = epsilon
    }

    /// One step as above, with the state of ``Adam``.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        var result = OptimiserStep()
        let averages = AdamMoments(beta1: beta1, beta2: beta2, scope: scope)
        let corrections = averages.corrections(in: &store, &result.updates)
        let rate =
            store.rate(learningRate, in: scope) * factor * corrections.second.sqrt()
            / corrections.first
        for (parameter, gradient) in zip(parameters, gradients) {
            let moments = averages.moments(
                of: gradient, for: parameter, in: &store, &result.updates)
            let change = rate * moments.first / (moments.second.sqrt() + Tensor(epsilon))
            result.values.append(parameter.tensor - change)
        }
        return result
    }
}

extension TensorFlowAdam: ConfigurableOptimiser {
    package static let configurationName = "tensorFlowAdam"
    package var hasMomentum: Bool { beta1 > 0 }
    package var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        [("learningRate", learningRate), ("beta2", beta2)]
    }

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            learningRate: try section.learningRate(),
            beta1: try section.share("beta1", default: 0.9),
            beta2: try section.scheduledNumber("beta2", default: 0.999, in: .share),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-8))
    }
}
