public import TensorGraph

/// Averages of parameters over the steps of a training, which often sample better than the last
/// values.
///
/// `a ← decay · a + (1 − decay) · p` after each step; an average begins at its parameter's initial
/// value and is called `ema.<parameter>`.
public struct ExponentialMovingAverage: Hashable, Sendable {
    /// The share of the old average that is kept, 0 ≤ decay < 1.
    public var decay: Double

    /// Averages over about 1/(1 − decay) steps.
    public init(decay: Double = 0.999) { self.decay = decay }

    /// The averages after a step that gives `parameters` the new `values`.
    public func updates(
        of parameters: [Parameter], to values: [Tensor], in store: inout ParameterStore
    ) -> [VariableUpdate] {
        zip(parameters, values).map { parameter, value in
            let average = store.copy(of: parameter, named: Self.name(of: parameter))
            return (average, average.tensor.averaged(with: value, decay: decay))
        }
    }

    /// The averages in place of the parameters, for a ``ForwardPass``.
    public func replacements(
        for parameters: [Parameter], in store: inout ParameterStore
    ) -> [Variable: Tensor] {
        Dictionary(
            parameters.map { parameter in
                let average = store.copy(of: parameter, named: Self.name(of: parameter))
                return (parameter.variable, average.tensor)
            }, uniquingKeysWith: { first, _ in first })
    }

    private static let prefix = "ema."

    private static func name(of parameter: Parameter) -> String { prefix + parameter.name }

    /// The parameter whose average the variable `name` is; nil where it is none.
    package static func parameterName(of name: String) -> String? {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
}
