import Datasets
import NeuralNetworks

/// Critics of ours, beside the published ones.
public enum OwnCritics {
    /// All of them.
    public static let all: [any CriticMethod] = [sortedPairs, cones]

    /// MaxMin between orthonormal weights, with a learning rate that falls to a hundredth: the
    /// published sorting network with pairs in place of whole layers, which costs less.
    static let sortedPairs = CriticRecipe("maxmin", updates: 25_000) { dimensions, updates in
        var setup = PublishedCritics.setup(
            dimensions, OrthonormalWeights(),
            Adam(learningRate: 2e-3, beta1: 0.9, beta2: 0.999), WassersteinObjective()
        ) { PublishedCritics.network(dimensions, outputs: 1, GroupSort(2), in: &$0) }
        setup.learningRate = .cosine(from: 1, to: 0.01, over: max(updates, 1))
        return setup
    }

    /// The largest of 64 learned cones, and nothing else: a c-transform of points that are learned.
    ///
    /// The optimal critics of the pairs are of this form, with as many cones as funnels, so that it
    /// says more of the method than of critics in general.
    static let cones = CriticRecipe("cones", updates: 5000) { dimensions, updates in
        var setup = PublishedCritics.setup(
            dimensions, CombinedConstraint([]),
            Adam(learningRate: 0.02, beta1: 0.9, beta2: 0.999), WassersteinObjective()
        ) {
            Cones(dimensions, count: 64, spread: KantorovichPair.halfWidth, in: &$0)
        }
        setup.learningRate = .cosine(from: 1, to: 0.01, over: max(updates, 1))
        return setup
    }
}
