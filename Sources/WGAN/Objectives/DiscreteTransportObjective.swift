import NeuralNetworks
public import TensorGraph

/// A generator that follows exact transport between batches, and a Wasserstein critic that only
/// looks on: a baseline without any critic's error.
///
/// The optimal potentials of two batches have, at a generated sample, the unit vector away from
/// the real one that it is matched with as their gradient. The generator's loss is the mean
/// distance of these pairs, which has the same gradient. In more than a few dimensions batches are
/// matched by chance, and the generator learns their mean.
///
/// Source: Villani 2009, theorem 5.10; the row DOT of Korotin, Kolesov and Burnaev 2022,
/// arXiv:2206.07767.
public struct DiscreteTransportObjective: TransportObjective {
    /// The objective has no settings.
    public init() {}

    /// That of ``WassersteinObjective``.
    public func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        WassersteinObjective().criticLoss(real: real.scores, generated: generated.scores)
    }

    /// mean |x − y| over pairs in the order of the batches, which is that of their matching.
    public func generatorLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        let gaps = generated.samples - real.samples
        let squares = gaps.squared().sum(along: Array(1..<gaps.rank))
        return (squares + Tensor(Self.smallest)).sqrt().mean()
    }

    /// Under the root, so that a pair that coincides has a gradient.
    private static let smallest = 1e-12

    /// The difference of mean scores is the dual form's value for this critic.
    public var estimatesWasserstein: Bool { true }
    /// The generator's loss needs a real batch.
    public var comparesPairs: Bool { true }
    /// Each generated sample needs its partner.
    public var matchesPairs: Bool { true }
}

extension DiscreteTransportObjective: ConfigurableObjective, WithoutSettings {
    /// `discreteTransport`.
    package static let configurationName = "discreteTransport"
}
