import NeuralNetworks
public import TensorGraph

/// The dual form, or one of its two c-transforms where that is less: what the batch does not allow
/// the critic to claim it is not rewarded for.
///
/// L₁ is the dual form, L₂ = mean f(real) + mean fᶜ(generated), and L₃ the same with the transform
/// on the other side. The critic makes L₂ large where it is below L₁, else L₃ where that is, else
/// L₁. No bound on its slope is needed.
///
/// Source: the row CoWGAN of Korotin, Kolesov and Burnaev 2022, arXiv:2206.07767.
public struct CoWGANObjective: TransportObjective {
    /// The objective has no settings.
    public init() {}

    /// Minus the L that counts.
    public func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        let costs = CTransform.costs(real.samples, generated.samples)
        let plain = real.scores.mean() - generated.scores.mean()
        let second = real.scores.mean() + CTransform.transform(real.scores, costs: costs).mean()
        let third =
            CTransform.transform(-generated.scores, costs: costs.transposed()).mean()
            - generated.scores.mean()
        let others = Tensor.select(third .< plain, third, plain)
        return -Tensor.select(second .< plain, second, others)
    }

    /// −mean f(generated).
    public func generatorLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        -generated.scores.mean()
    }
}

extension CoWGANObjective: ConfigurableObjective, WithoutSettings {
    /// `coWGAN`.
    package static let configurationName = "coWGAN"
}
