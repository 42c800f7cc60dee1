import CPUExecutor
import Datasets
import Evaluation
import Figures
import NeuralNetworks
import OptimalTransport
import Philox
import Runs
import TensorGraph
import WGAN

/// What generators trained by a classifier and by a Wasserstein critic find of eight Gaussians.
///
/// Both kinds have the same networks, optimiser and number of generator steps; the critic has five
/// updates to each of them and a gradient penalty, the classifier one, as each is usually trained.
struct ModeCollapse {
    /// One trained generator.
    private struct Outcome {
        let seed: UInt64
        let points: [Float]
        let coverage: ModeCoverage
        let distance: Double
    }

    private static let data = MixtureOnRing.eightGaussians
    private static let kinds: [(name: String, objective: any ConfigurableObjective)] = [
        ("classifier", ClassicalObjective()), ("Wasserstein critic", WassersteinObjective()),
    ]
    private static let (samples, transported, shown) = (10_000, 1000, 1000)

    private let outcomes: [[Outcome]]

    /// Trains all generators.
    ///
    /// - Parameter progress: Told the generator steps done so far.
    init(
        steps: Int, seeds: Int, threads: Int?, progress: (Int) -> Void
    ) throws {
        var done = 0
        outcomes = try Self.kinds.map { _, objective in
            try (1...UInt64(seeds)).map { seed in
                let trainer = try Trainer(
                    Self.setup(objective, seed: seed), data: PointSource(Self.data, seed: seed),
                    on: CPUDevice(threads: threads))
                try trainer.train(to: steps) { _ in
                    done += 1
                    progress(done)
                }
                return try Self.outcome(trainer, seed)
            }
        }
    }

    private static func setup(_ objective: any Objective, seed: UInt64) -> TrainingSetup {
        var parameters = ParameterStore(initialisation: .heNormal)
        let networks = [("generator", 2), ("critic", 1)].map { name, outputs in
            parameters.scoped(name) { store in
                Sequential(
                    in: &store,
                    [
                        { Linear(2, 128, in: &$0) }, { _ in ReLU() },
                        { Linear(128, 128, in: &$0) }, { _ in ReLU() },
                        { Linear(128, outputs, in: &$0) },
                    ])
            }
        }
        let isClassical = !objective.estimatesWasserstein
        var setup = TrainingSetup(
            latent: Latent(size: 2), generator: networks[0], critic: networks[1],
            parameters: parameters,
            constraint: isClassical ? CombinedConstraint([]) : GradientPenalty(coefficient: 0.1),
            optimiser: Adam(learningRate: 1e-3, beta1: 0.5, beta2: 0.9),
            schedule: .fixed(iterations: isClassical ? 1 : 5), batchSize: 256, seed: seed)
        setup.objective = objective
        return setup
    }

    private static func outcome(_ trainer: Trainer, _ seed: UInt64) throws -> Outcome {
        let points = try trainer.sample(samples, seed: seed)
        let modes = try MixtureModes(
            centres: FeatureMatrix(data.means, dimensions: 2),
            standardDeviations: data.standardDeviations.map(Double.init))
        var random = RandomStream(seed: seed, stream: ReservedStream.modeCollapse)
        let real = data.sample(transported, using: &random)
        return Outcome(
            seed: seed, points: points,
            coverage: try ModeCoverage(of: FeatureMatrix(points, dimensions: 2), in: modes),
            distance: try exactWasserstein1(
                Array(points.prefix(2 * transported)), real, dimensions: 2))
    }

    /// The first seed of each kind.
    var figure: Panels {
        let plots = zip(Self.kinds, outcomes).map { kind, outcomes in
            let view = PointView(Self.data, seed: 0, name: kind.name)
            var plot = view.background("By a \(kind.name)")
            let shown = points(Array(outcomes[0].points.prefix(2 * Self.shown)))
            plot.series.append(.init("generated", points: shown, colour: .red, opacity: 0.5))
            plot.size = FigureSize(420, 440)
            return plot
        }
        return Panels(plots, columns: 2)
    }

    var json: JSONValue {
        .list(
            zip(Self.kinds, outcomes).flatMap { kind, outcomes -> [JSONValue] in
                outcomes.map { outcome -> JSONValue in
                    .object([
                        "objective": .text(type(of: kind.objective).configurationName),
                        "seed": .integer(Int(outcome.seed)),
                        "modesRecovered": .integer(outcome.coverage.modesRecovered),
                        "highQualityShare": .number(outcome.coverage.highQualityShare),
                        "reverseKL": .number(outcome.coverage.reverseKL),
                        "w1": .number(outcome.distance),
                    ])
                }
            })
    }

    var text: String {
        zip(Self.kinds, outcomes).flatMap { kind, outcomes in
            outcomes.map { outcome in
                "\(kind.name), seed \(outcome.seed): "
                    + "\(outcome.coverage.modesRecovered) of \(Self.data.modeCount) modes, "
                    + "\(decimal(100 * outcome.coverage.highQualityShare, 0)) % within three "
                    + "deviations of one, exact W₁ \(decimal(outcome.distance, 3))"
            }
        }.joined(separator: "\n")
    }
}
