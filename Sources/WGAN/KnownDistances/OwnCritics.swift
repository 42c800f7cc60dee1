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

    /// The largest of 256 learned cones, and nothing else: a c-transform of points that are
    /// learned, soft at first.
    ///
    /// The optimal critics of the pairs are of this form, with as many cones as funnels, so that it
    /// says more of the method than of critics in general.
    static let cones = CriticRecipe("cones", updates: 10_000) { dimensions, updates in
        var setup = PublishedCritics.setup(
            dimensions, CombinedConstraint([]),
            Adam(learningRate: 0.05, beta1: 0.9, beta2: 0.999), WassersteinObjective()
        ) {
            Cones(
                dimensions, count: 256, spread: KantorovichPair.halfWidth,
                softness: .exponential(
                    from: 1.5, factor: 1.0 / 30,
                    over: max(updates, 1) * PublishedCritics.batchSize),
                in: &$0)
        }
        setup.learningRate = .cosine(from: 1, to: 0.01, over: max(updates, 1))
        return setup
    }
}
