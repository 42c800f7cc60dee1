import NeuralNetworks
public import TensorGraph

/// The dual form of the Wasserstein distance.
///
/// Over all functions f of slope at most one, the largest mean f(real) − mean f(generated) is the
/// Wasserstein distance. The critic makes that difference large, the generator makes it small. No
/// logarithm, no sigmoid. The difference is the distance times the critic's slope, and below it as
/// long as the critic can improve.
///
/// Source: Arjovsky et al. 2017, section 3, arXiv:1701.07875.
public struct WassersteinObjective: Objective {
    /// The objective has no settings.
    public init() {}

    /// mean f(generated) − mean f(real).
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        generated.mean() - real.mean()
    }

    /// −mean f(generated): the part of the estimate that the generator can change.
    public func generatorLoss(real: Tensor, generated: Tensor) -> Tensor { -generated.mean() }

    /// The difference of mean scores is the dual form's value for this critic.
    public var estimatesWasserstein: Bool { true }
}

extension WassersteinObjective: ConfigurableObjective, WithoutSettings {
    /// `wasserstein`.
    package static let configurationName = "wasserstein"
}
