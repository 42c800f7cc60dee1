import NeuralNetworks
public import TensorGraph

/// The hinge losses: the critic learns only from samples that it does not yet tell apart by a
/// margin of one.
///
/// Scores beyond the margin teach the critic nothing, so that their difference stays near two and
/// estimates no distance.
///
/// Source: Lim and Ye 2017, section 3, arXiv:1705.02894; Miyato et al. 2018, eq. 16 and 17,
/// arXiv:1802.05957.
public struct HingeObjective: Objective {
    /// The objective has no settings.
    public init() {}

    /// mean max(0, 1 − f(real)) + mean max(0, 1 + f(generated)).
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        Tensor.maximum(1 - real, 0).mean() + Tensor.maximum(1 + generated, 0).mean()
    }

    /// −mean f(generated).
    public func generatorLoss(real: Tensor, generated: Tensor) -> Tensor { -generated.mean() }

    /// The margins are at the scores 1 and −1, zero half-way between them.
    public var dividesAtZero: Bool { true }
}

extension HingeObjective: ConfigurableObjective, WithoutSettings {
    /// `hinge`.
    package static let configurationName = "hinge"
}
