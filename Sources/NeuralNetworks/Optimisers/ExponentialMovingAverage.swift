import Foundation
public import TensorGraph

/// Averages of parameters over the updates of a training, which often sample better than the last
/// values.
///
/// `a ← decay · a + (1 − decay) · p` after each update; an average begins at its parameter's
/// initial value and is called `ema.<parameter>`.
public struct ExponentialMovingAverage: Hashable, Sendable {
    /// How long an average remembers.
    public enum Memory: Hashable, Sendable {
        /// Each update keeps this share of the old average, 0 ≤ decay < 1.
        case decay(Double)
        /// After so many samples half is forgotten: an update with a batch of N keeps
        /// 0.5^(N / half-life). With a ramp-up the half-life is at most `rampUp` times the samples
        /// that came before, so that an average soon forgets how a training began.
        ///
        /// Source: Karras et al. 2020, `ema_kimg` and `ema_rampup` of the reference implementation
        /// of arXiv:2006.06676.
        case halfLife(ScheduledNumber, rampUp: Double?)
    }

    /// How long an average remembers.
    public var memory: Memory

    /// Averages over about 1/(1 − decay) updates.
    public init(decay: Double = 0.999) { memory = .decay(decay) }

    /// Averages that forget half in so many samples.
    public init(halfLife: ScheduledNumber, rampUp: Double? = nil) {
        memory = .halfLife(halfLife, rampUp: rampUp)
    }

    /// The input of a program, where the memory is a half-life, for ``share(ofBatch:after:at:)``.
    package static let shareInput = "averages' share of the new weights"

    /// The share of the new values in an average: 1 − decay.
    ///
    /// - Parameters:
    ///   - batch: Samples in an update, at least 1.
    ///   - seen: Samples in the updates before.
    ///   - position: Samples shown to the critic, which the half-life may depend on.
    package func share(ofBatch batch: Int, after seen: Int, at position: Int) -> Double {
        switch memory {
        case .decay(let decay): return 1 - decay
        case .halfLife(let number, let rampUp):
            let halfLife = min(
                number.value(at: position), rampUp.map { $0 * Double(seen) } ?? .infinity)
            return halfLife > 0 ? -expm1(-log(2) * Double(batch) / halfLife) : 1
        }
    }

    /// The averages after an update that gives `parameters` the new `values`.
    public func updates(
        of parameters: [Parameter], to values: [Tensor], in store: inout ParameterStore
    ) -> [VariableUpdate] {
        zip(parameters, values).map { parameter, value in
            let average = store.copy(of: parameter, named: Self.name(of: parameter))
            let old = average.tensor
            switch memory {
            case .decay(let decay): return (average, old.averaged(with: value, decay: decay))
            case .halfLife: return (average, old + .input(Self.shareInput, []) * (value - old))
            }
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
