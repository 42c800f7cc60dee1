import NeuralNetworks
public import TensorGraph

/// Relativistic pairing: each generated sample is set against a real one, and the critic tells
/// which of the two is real.
///
/// The generator must bring its samples up to the real ones instead of over a fixed bar, which
/// leaves no landscape of collapsed modes to be stuck in. It converges with penalties that have
/// their centre at zero, on real and generated samples: `combined: [r1, r2]`. The difference of
/// mean scores is no estimate of a distance.
///
/// Source: Jolicoeur-Martineau 2018, section 4.2, arXiv:1807.00734; Huang et al. 2024, eq. 2,
/// arXiv:2501.05441, whose f(t) is −softplus(−t).
public struct RelativisticObjective: Objective {
    /// The objective has no settings.
    public init() {}

    /// mean softplus(−(f(real) − f(generated))), over pairs.
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        (generated - real).softplus().mean()
    }

    /// The mirror image: mean softplus(−(f(generated) − f(real))).
    public func generatorLoss(real: Tensor, generated: Tensor) -> Tensor {
        (real - generated).softplus().mean()
    }

    /// The generator's loss needs the scores of a real batch.
    public var comparesPairs: Bool { true }
}

extension RelativisticObjective: ConfigurableObjective, WithoutSettings {
    /// `relativistic`.
    package static let configurationName = "relativistic"
}
