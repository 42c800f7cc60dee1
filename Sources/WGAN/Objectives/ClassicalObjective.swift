import NeuralNetworks
public import TensorGraph

/// The game of the first GANs: the likelihood of a classifier that takes a sample for real with the
/// probability sigmoid(score).
///
/// The generator's loss is the one that does not saturate. No constraint is needed; scores differ
/// without bound where samples do, and estimate no distance.
///
/// Source: Goodfellow et al. 2014, section 3, arXiv:1406.2661.
public struct ClassicalObjective: Objective {
    /// The objective has no settings.
    public init() {}

    /// −mean log sigmoid(f(real)) − mean log(1 − sigmoid(f(generated))): the sum of the
    /// cross-entropies of both kinds.
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        (-real).softplus().mean() + generated.softplus().mean()
    }

    /// −mean log sigmoid(f(generated)).
    public func generatorLoss(real: Tensor, generated: Tensor) -> Tensor {
        (-generated).softplus().mean()
    }

    /// At score zero the classifier takes both kinds to be equally likely.
    public var dividesAtZero: Bool { true }
}

extension ClassicalObjective: ConfigurableObjective, WithoutSettings {
    /// `classical`.
    package static let configurationName = "classical"
}
