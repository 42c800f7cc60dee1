import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// The dual form with the critic's c-transform in place of its scores of generated samples.
///
/// The critic makes `mean f(real) + mean fᶜ(generated)` large, which no bound on its slope is
/// needed for; the generator makes it small. It estimates the distance between two batches, which
/// in more than a few dimensions is much above that of their distributions.
///
/// Source: Mallasto, Montúfar and Gerolin 2019, section 3, arXiv:1910.03875; without ε it is the
/// row QP of Korotin, Kolesov and Burnaev 2022, arXiv:2206.07767.
public struct CTransformObjective: TransportObjective, Hashable {
    /// How soft the minimum of the transform is, in the unit of the data; 0 for an exact one.
    public var epsilon: Double

    /// An objective with an exact minimum, or a soft one.
    public init(epsilon: Double = 0) { self.epsilon = epsilon }

    /// −(mean f(real) + mean fᶜ(generated)).
    public func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        -real.scores.mean() - transform(real, generated).mean()
    }

    /// mean fᶜ(generated): the part of the estimate that the generator can change.
    public func generatorLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        transform(real, generated).mean()
    }

    private func transform(_ real: ScoredSamples, _ generated: ScoredSamples) -> Tensor {
        CTransform.transform(
            real.scores, costs: CTransform.costs(real.samples, generated.samples),
            epsilon: epsilon)
    }

    /// The generator's loss needs a real batch.
    public var comparesPairs: Bool { true }
}

extension CTransformObjective: ConfigurableObjective {
    /// `cTransform`, or `cTransform: {epsilon: 0.1}`.
    package static let configurationName = "cTransform"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "epsilon")
        self.init(epsilon: try section.value("epsilon", .number(minimum: 0), default: 0))
    }
}
