public import NeuralNetworks
public import TensorGraph

/// A way to keep the critic's slope bounded, without which its scores mean nothing.
///
/// A constraint has five places to act, each with a default that does nothing; a type overrides
/// what it needs.
public protocol LipschitzConstraint: Sendable {
    /// What becomes of a parameter's initial value before a training.
    func beginning(_ value: Tensor, of parameter: Parameter) -> Tensor

    /// The value that the critic computes with in place of a parameter's.
    ///
    /// - Parameters:
    ///   - value: The parameter's value, or what another constraint made of it.
    ///   - parameter: The parameter.
    ///   - context: Random numbers, and state that lasts.
    func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor

    /// A scalar that is added to the critic's loss, or nil, whatever the samples are.
    ///
    /// - Parameters:
    ///   - critic: Gives samples their scores, `[N]` or `[N, 1]`.
    ///   - real: Real samples, `[N, …]`.
    ///   - generated: As many generated ones.
    ///   - context: Random numbers, and state that lasts.
    func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor?

    /// The direction that the optimiser is given in place of a parameter's gradient.
    func direction(
        _ gradient: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor

    /// What becomes of a parameter's new value after an optimiser's step.
    func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor
}

extension LipschitzConstraint {
    /// By default the initial value itself.
    public func beginning(_ value: Tensor, of parameter: Parameter) -> Tensor { value }

    /// By default the parameter's own value.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor { value }

    /// By default no penalty.
    public func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor? { nil }

    /// By default the gradient itself.
    public func direction(
        _ gradient: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor { gradient }

    /// By default the value as the optimiser left it.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor { value }

    /// The critic's values for a `ForwardPass`: those of `parameters` that the constraint
    /// changes.
    public func replacements(
        for parameters: [Parameter], in context: inout ConstraintContext
    ) -> [Variable: Tensor] {
        var result: [Variable: Tensor] = [:]
        for parameter in parameters {
            let value = reparametrised(parameter.tensor, of: parameter, in: &context)
            result[parameter.variable] = value
        }
        return result
    }
}

extension LipschitzConstraint {
    /// Whether the constraint adds to the critic's loss: whatever the samples are, it does or not.
    var hasPenalty: Bool {
        var context = ConstraintContext(store: ParameterStore())
        let samples = Tensor.filled(0, [1, 1])
        return penalty(critic: { $0 }, real: samples, generated: samples, in: &context) != nil
    }
}

/// What a constraint needs beside its arguments: random numbers, and state that lasts.
public struct ConstraintContext {
    /// Where state variables are created.
    public var store: ParameterStore
    /// Where random numbers take their streams from.
    public let streams: RandomStreams
    /// Whether ``update(_:to:)`` takes effect: false for a pass that only looks, after which state
    /// such as the vectors of power iterations is to be as before.
    public let recordsUpdates: Bool
    /// New values of state variables.
    public private(set) var updates: [VariableUpdate] = []

    /// A context in which nothing has happened yet.
    public init(
        store: ParameterStore, streams: RandomStreams = RandomStreams(),
        recordsUpdates: Bool = true
    ) {
        (self.store, self.streams, self.recordsUpdates) = (store, streams, recordsUpdates)
    }

    /// Gives a state variable a new value, unless the context does not record.
    public mutating func update(_ variable: Variable, to value: Tensor) {
        if recordsUpdates { updates.append((variable, value)) }
    }
}
