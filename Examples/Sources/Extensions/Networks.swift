import NeuralNetworks
import TensorGraph
import WGAN

/// A layer: the larger and the smaller of each two neighbours, which keeps slopes.
///
/// Source: Anil et al. 2019, "Sorting out Lipschitz function approximation", arXiv:1811.05381.
struct MaxMin: Layer {
    /// `[N, F]` with an even F, to the same shape.
    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let pairs = x.reshaped([x.shape[0], x.shape[1] / 2, 2])
        let (first, second) = (pairs.sliced(axis: 2, 0..<1), pairs.sliced(axis: 2, 1..<2))
        let isLarger = first .> second
        return .concatenated(
            [.select(isLarger, first, second), .select(isLarger, second, first)], axis: 2
        ).reshaped(x.shape)
    }
}

/// A constraint: the critic's scores are pulled towards zero, by which they stay bounded.
struct ScorePull: LipschitzConstraint {
    var strength: Double

    func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor? {
        Tensor(strength) * (critic(real).squared().mean() + critic(generated).squared().mean())
    }
}

/// An objective: least squares.
///
/// Source: Mao et al. 2017, eq. 2, arXiv:1611.04076.
struct LeastSquares: Objective {
    func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        (real - 1).squared().mean() + generated.squared().mean()
    }

    func generatorLoss(real: Tensor, generated: Tensor) -> Tensor {
        (generated - 1).squared().mean()
    }
}

/// An optimiser: steps of one size in the direction of the gradient's sign.
///
/// Source: Bernstein et al. 2018, "signSGD", arXiv:1802.04434.
struct SignDescent: Optimiser {
    var learningRate: ScheduledNumber

    func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        let rate = store.tensor(of: learningRate, named: "\(scope).learningRate") * factor
        return OptimiserStep(
            values: zip(parameters, gradients).map { parameter, gradient in
                parameter.tensor - rate * gradient.sign()
            })
    }
}
