import CPUExecutor
import Datasets
import NeuralNetworks
import OptimalTransport
import Philox
import WGAN

/// The two-mode mixture with small networks: S1's settings, one constraint or another.
struct SmallTraining {
    var initialisation: any Initialisation = .pyTorch
    var constraint: any LipschitzConstraint = WeightClipping(bound: 0.01)
    var optimiser: any Optimiser = Adam(learningRate: 1e-3, beta1: 0, beta2: 0.9)
    var schedule = CriticSchedule.alternating(period: 5)
    var seed: UInt64 = 1
    var hidden = 100

    static let distribution = try! MixtureOnGrid(count: 2)

    var setup: TrainingSetup {
        var parameters = ParameterStore(initialisation: initialisation)
        let generator = network("generator", outputs: 2, in: &parameters)
        let critic = network("critic", outputs: 1, in: &parameters)
        return TrainingSetup(
            latent: Latent(size: 2), generator: generator, critic: critic, parameters: parameters,
            constraint: constraint, optimiser: optimiser, schedule: schedule, batchSize: 200,
            seed: seed)
    }

    private func network(
        _ name: String, outputs: Int, in store: inout ParameterStore
    ) -> Sequential {
        let hidden = hidden
        return store.scoped(name) { store in
            Sequential(
                in: &store,
                [
                    { Linear(2, hidden, in: &$0) }, { _ in ReLU() },
                    { Linear(hidden, outputs, in: &$0) },
                ])
        }
    }

    func trainer(
        data: (any SampleSource)? = nil, _ change: (inout TrainingSetup) -> Void = { _ in }
    ) throws -> Trainer {
        var setup = setup
        change(&setup)
        return try Trainer(
            setup, data: data ?? PointSource(Self.distribution, seed: setup.seed),
            on: CPUDevice(threads: 1))
    }

    /// The exact W₁ of 1000 generated to 1000 real points after `steps` steps.
    func distance(after steps: Int) throws -> Double {
        let trainer = try trainer()
        try trainer.train(to: steps)
        var random = RandomStream(seed: seed, stream: 1 << 30)
        let real = Self.distribution.sample(1000, using: &random)
        return try exactWasserstein1(
            trainer.sample(1000, seed: seed), real, dimensions: 2)
    }
}
