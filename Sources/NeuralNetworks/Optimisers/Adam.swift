package import StrictYAML
public import TensorGraph

/// Steps from running moments of the gradient, in PyTorch's form.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `p ← p − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)`. Where β₂ changes over the training, its power
/// is the product of all its values so far: the weights with which v was made add up to exactly
/// one. PyTorch takes the power of the last value.
///
/// Source: Kingma and Ba 2014, algorithm 1, arXiv:1412.6980.
public struct Adam: Optimiser, Hashable {
    /// η.
    public var learningRate: ScheduledNumber
    /// The share of the old mean that is kept; with 0 no mean is kept.
    public var beta1: Double
    /// The share of the old mean square that is kept.
    public var beta2: ScheduledNumber
    /// ε, outside the root.
    public var epsilon: Double
    /// The coefficient of an L2 penalty on the parameters.
    public var weightDecay: Double

    /// An optimiser with these settings.
    public init(
        learningRate: ScheduledNumber, beta1: Double = 0.9, beta2: ScheduledNumber = 0.999,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    }

    /// One step as above.
    ///
    /// Its state: v as `<parameter>.adam.v` and 1 − β₂ᵗ as `<scope>.adam.correction2`; where β₁ is
    /// not 0, m as `<parameter>.adam.m` and 1 − β₁ᵗ as `<scope>.adam.correction1`. All begin at 0.
    public func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        var result = OptimiserStep()
        let averages = AdamMoments(beta1: beta1, beta2: beta2, scope: scope)
        let corrections = averages.corrections(in: &store, &result.updates)
        let rate = store.rate(learningRate, in: scope) * factor / corrections.first
        let root = corrections.second.sqrt()
        for (parameter, gradient) in zip(parameters, gradients) {
            let value = parameter.tensor
            let moments = averages.moments(
                of: gradient.decayed(value, by: weightDecay), for: parameter, in: &store,
                &result.updates)
            let spread = moments.second.sqrt() * (1 / root) + Tensor(epsilon)
            result.values.append(value - rate * moments.first / spread)
        }
        return result
    }
}

extension Adam: ConfigurableOptimiser {
    package static let configurationName = "adam"
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
            weightDecay: try section.value("weightDecay", .number(minimum: 0), default: 0))
    }
}

/// The running moments that Adam's variants share, and the corrections of their beginnings.
///
/// A correction is kept as `c ← β c + (1 − β)` from 0, which is 1 − βᵗ without cancellation and
/// without a step number; one scalar serves all parameters of an optimiser.
struct AdamMoments {
    let beta1: Double
    let beta2: ScheduledNumber
    /// The name before what all parameters share, such as `critic`.
    let scope: String

    /// 1 − β₁ᵗ and 1 − β₂ᵗ after this step.
    func corrections(
        in store: inout ParameterStore, _ updates: inout [VariableUpdate]
    ) -> (first: Tensor, second: Tensor) {
        (
            correction(.constant(beta1), "\(scope).adam.correction1", in: &store, &updates),
            correction(beta2, "\(scope).adam.correction2", in: &store, &updates)
        )
    }

    /// The moments of `gradient` after this step; without β₁ the first is the gradient itself.
    func moments(
        of gradient: Tensor, for parameter: Parameter, in store: inout ParameterStore,
        _ updates: inout [VariableUpdate]
    ) -> (first: Tensor, second: Tensor) {
        let square = store.state(beside: parameter, "adam.v")
        let second = square.tensor.averaged(
            with: gradient * gradient, decay: store.tensor(of: beta2, named: "\(scope).beta2"))
        updates.append((square, second))
        guard beta1 != 0 else { return (gradient, second) }
        let mean = store.state(beside: parameter, "adam.m")
        let first = mean.tensor.averaged(with: gradient, decay: beta1)
        updates.append((mean, first))
        return (first, second)
    }

    private func correction(
        _ beta: ScheduledNumber, _ name: String, in store: inout ParameterStore,
        _ updates: inout [VariableUpdate]
    ) -> Tensor {
        guard beta != 0 else { return 1 }
        let variable = store.state(name, [])
        let value = variable.tensor.averaged(
            with: 1, decay: store.tensor(of: beta, named: "\(scope).beta2"))
        updates.append((variable, value))
        return value
    }
}
