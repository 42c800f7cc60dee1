import NeuralNetworks

/// Critics of ours, beside the published ones.
public enum OwnCritics {
    /// All of them.
    public static let all: [any CriticMethod] = [sortedPairs]

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
}
