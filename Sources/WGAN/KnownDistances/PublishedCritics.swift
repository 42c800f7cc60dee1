import Foundation
import NeuralNetworks
import TensorGraph

/// The methods of the benchmark's authors with their settings: 1024 points of each kind in an
/// update, Adam with a learning rate of 2e-4, and networks D → h → h → 1 with h = max(2D, 128).
///
/// Source: Korotin, Kolesov and Burnaev 2022, appendix, arXiv:2206.07767. Where a method here
/// differs it says so.
public enum PublishedCritics {
    /// All of them, in the order of the paper's tables.
    public static let all: [any CriticMethod] = [
        clipping, gradientPenalty, oneSidedPenalty, spectral, sorting, cTransform, coWGAN,
        RegularisedDual.method, ThreePlayer(isReversed: false), ThreePlayer(isReversed: true),
        DiscreteTransport(),
    ]

    static let batchSize = 1024

    /// Adam with the settings of most methods.
    static let adam = Adam(learningRate: 2e-4, beta1: 0, beta2: 0.9)
    /// Adam with the momentum of the others.
    static let adamWithMomentum = Adam(learningRate: 2e-4, beta1: 0.9, beta2: 0.999)

    /// h: the width of both hidden layers.
    static func width(_ dimensions: Int) -> Int { max(2 * dimensions, 128) }

    /// WGAN: weights clipped, biases free.
    static let clipping = recipe("clip", 5000, WeightsWithin(bound: 0.04))

    /// WGAN-GP.
    static let gradientPenalty = recipe("gp", 60_000, GradientPenalty())

    /// WGAN-LP: slopes above 1 alone are penalised.
    static let oneSidedPenalty = recipe("lp", 60_000, GradientPenalty(sides: .above))

    /// Spectral normalisation whose norm is a constant to the gradient.
    static let spectral = recipe("sn", 10_000, ConstantSpectralNorm())

    /// Whole layers sorted between orthonormal weights.
    ///
    /// Published with exponentials of antisymmetric matrices as weights: the same networks.
    static let sorting = recipe(
        "so", 25_000, OrthonormalWeights(), adamWithMomentum, activation: GroupSort(nil))

    /// The c-transform, without a constraint.
    static let cTransform = recipe(
        "qp", 25_000, CombinedConstraint([]), adamWithMomentum, CTransformObjective())

    /// The least of the dual form and its c-transforms, without a constraint.
    static let coWGAN = recipe("cowgan", 25_000, CombinedConstraint([]), adam, CoWGANObjective())

    private static func recipe(
        _ name: String, _ updates: Int, _ constraint: any LipschitzConstraint,
        _ optimiser: Adam = adam, _ objective: any Objective = WassersteinObjective(),
        activation: any Layer = ReLU()
    ) -> CriticRecipe {
        CriticRecipe(name, updates: updates) { dimensions, _ in
            setup(dimensions, constraint, optimiser, objective) { store in
                network(dimensions, outputs: 1, activation, in: &store)
            }
        }
    }

    /// A training whose critic is `critic`.
    static func setup(
        _ dimensions: Int, _ constraint: any LipschitzConstraint, _ optimiser: any Optimiser,
        _ objective: any Objective, critic: (inout ParameterStore) -> any Layer
    ) -> TrainingSetup {
        var store = ParameterStore()
        let critic = store.scoped("critic", critic)
        var setup = TrainingSetup(
            latent: Latent(size: dimensions), generator: Sequential([]), critic: critic,
            parameters: store, constraint: constraint, optimiser: optimiser,
            batchSize: batchSize)
        setup.objective = objective
        return setup
    }

    /// The published network.
    static func network(
        _ dimensions: Int, outputs: Int, _ activation: any Layer, in store: inout ParameterStore
    ) -> Sequential {
        let width = width(dimensions)
        return Sequential(
            in: &store,
            [
                { Linear(dimensions, width, in: &$0) }, { _ in activation },
                { Linear(width, width, in: &$0) }, { _ in activation },
                { Linear(width, outputs, in: &$0) },
            ])
    }
}

/// Weights confined to −bound…bound after each update, biases free.
private struct WeightsWithin: LipschitzConstraint {
    let bound: Double

    func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        parameter.isLinearMap ? value.clamped(to: -bound...bound) : value
    }
}

/// Weights divided by their spectral norm, of which the gradient knows nothing: five power
/// iterations in each pass.
///
/// ``SpectralReparametrisation`` has the norm's derivative, and learns more.
private struct ConstantSpectralNorm: LipschitzConstraint {
    func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return value }
        let norm = SpectralMethod.persistentVector(iterations: 5).norm(
            of: parameter.matrix(of: value), for: parameter, in: &context)
        return SpectralNorm.divided(value, by: norm.stoppingGradient())
    }
}

/// What the benchmark's authors found for one of their methods on one of their pairs, with one
/// seed.
///
/// Their pairs cannot be drawn again: compare ``ratio``, not estimates. In the plane their cosines
/// stop near 0.86, since they took the true gradient at moved points in Float; ours do not.
///
/// Source: Korotin, Kolesov and Burnaev 2022, arXiv:2206.07767, and its repository's figures.
public struct PublishedScores: Sendable, Hashable {
    /// The mean cosine between the critic's and the optimal gradient.
    public let cosine: Double
    /// The estimate as a share of the distance.
    public let ratio: Double

    /// The scores of a method, by its name in ``PublishedCritics``; nil for others and for pairs
    /// that they had none of.
    public init?(of method: String, dimensions: Int, funnels: Int) {
        guard let found = Self.table[Key(method: method, dimensions: dimensions, funnels: funnels)]
        else { return nil }
        self = found
    }

    private init(cosine: Double, ratio: Double) { (self.cosine, self.ratio) = (cosine, ratio) }

    private struct Key: Hashable {
        let method: String
        let dimensions, funnels: Int
    }

    private static let table: [Key: PublishedScores] = {
        let lines = String(decoding: PackageResources.published_csv, as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: ",") }
        let methods = stride(from: 3, to: lines[0].count, by: 2).map { column in
            String(lines[0][column].split(separator: " ")[0])
        }
        var table: [Key: PublishedScores] = [:]
        for line in lines.dropFirst() {
            let numbers = line.compactMap { Double($0) }
            for (place, method) in methods.enumerated() {
                let key = Key(
                    method: method, dimensions: Int(numbers[0]), funnels: Int(numbers[1]))
                table[key] = PublishedScores(
                    cosine: numbers[3 + 2 * place], ratio: numbers[4 + 2 * place] / numbers[2])
            }
        }
        return table
    }()
}
