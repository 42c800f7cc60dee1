import NeuralNetworks
import TensorGraph

/// Two potentials in place of a critic and its mirror image, with a penalty where their sum is
/// above the cost: the row LSOT.
///
/// Both make `mean f(x) + mean g(y) − mean [f(x_i) + g(y_i) − |x_i − y_i|]₊²/(4ε)` large, over
/// pairs of moved and uniform points at random. f counts as the critic.
///
/// Source: Seguy et al. 2018, eq. 8, arXiv:1711.02283, with the settings of Korotin, Kolesov and
/// Burnaev 2022.
struct RegularisedDual: TransportObjective {
    private static let epsilon = 0.01

    static let method = CriticRecipe("lsot", updates: 10_000) { dimensions, _ in
        PublishedCritics.setup(
            dimensions, CombinedConstraint([]), PublishedCritics.adamWithMomentum,
            RegularisedDual()
        ) { store in
            let potentials = ["f", "g"].map { name in
                store.scoped(name) {
                    PublishedCritics.network(dimensions, outputs: 1, ReLU(), in: &$0)
                }
            }
            return SideBySide(networks: potentials)
        }
    }

    func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        let f = real.scores.sliced(axis: 1, 0..<1)
        let g = generated.scores.sliced(axis: 1, 1..<2)
        let costs = (real.samples - generated.samples).squared().sum(along: [1]).sqrt()
        let excess = (f + g - costs.reshaped(f.shape)).relu()
        return -f.mean() - g.mean() + excess.squared().mean() * Tensor(0.25 / Self.epsilon)
    }
}

/// The results of several networks of the same input: a column for each.
private struct SideBySide: Layer {
    let networks: [any Layer]

    var parts: [any Layer] { networks }

    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var columns: [Tensor] = []
        for network in networks { columns.append(network(x, &pass)) }
        return .concatenated(columns, axis: 1)
    }
}
