public import TensorGraph

/// A rule that turns gradients into new parameter values.
public protocol Optimiser: Sendable {
    /// The step's size before a schedule's factor.
    var learningRate: ScheduledNumber { get }

    /// One step, as tensors of a program.
    ///
    /// New values are returned rather than assigned, so that a constraint can project them first.
    ///
    /// - Parameters:
    ///   - parameters: What is to be optimised.
    ///   - gradients: The loss's gradient for each of them.
    ///   - factor: What a schedule multiplies the learning rate with: a scalar.
    ///   - scope: The name before state that all the parameters share, such as `critic`.
    ///   - store: Where the optimiser creates its state at the first request.
    func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep
}

/// What one step changes.
public struct OptimiserStep: Sendable {
    /// The new value of each parameter, in the order in which they were given.
    public var values: [Tensor] = []
    /// The optimiser's new state.
    public var updates: [VariableUpdate] = []

    /// A step to these values, which leaves that state.
    public init(values: [Tensor] = [], updates: [VariableUpdate] = []) {
        (self.values, self.updates) = (values, updates)
    }
}

extension ParameterStore {
    /// The optimiser's state beside `parameter`, called `<parameter>.<name>`.
    mutating func state(
        beside parameter: Parameter, _ name: String, initially value: Double = 0
    ) -> Variable {
        state("\(parameter.name).\(name)", parameter.shape, initially: .constant(value))
    }
}

extension ParameterStore {
    /// The size of an optimiser's steps as a scalar of a program.
    mutating func rate(_ learningRate: ScheduledNumber, in scope: String) -> Tensor {
        tensor(of: learningRate, named: "\(scope).learningRate")
    }
}

extension Tensor {
    /// Moves this average towards `sample`: `decay · self + (1 − decay) · sample`.
    func averaged(with sample: Tensor, decay: Double) -> Tensor {
        averaged(with: sample, decay: Tensor(decay))
    }

    /// The same with a scalar of the program as the share that is kept.
    func averaged(with sample: Tensor, decay: Tensor) -> Tensor {
        decay * self + (1 - decay) * sample
    }

    /// The gradient with the pull of an L2 penalty on `value` added.
    func decayed(_ value: Tensor, by weightDecay: Double) -> Tensor {
        weightDecay == 0 ? self : self + Tensor(weightDecay) * value
    }
}
