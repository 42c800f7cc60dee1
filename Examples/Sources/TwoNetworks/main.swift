import CPUExecutor
import Datasets
import NeuralNetworks
import WGAN

var parameters = ParameterStore()
let generator = parameters.scoped("generator") { store in
    Sequential(
        in: &store, [{ Linear(2, 100, in: &$0) }, { _ in ReLU() }, { Linear(100, 2, in: &$0) }])
}
let critic = parameters.scoped("critic") { store in
    Sequential(
        in: &store, [{ Linear(2, 100, in: &$0) }, { _ in ReLU() }, { Linear(100, 1, in: &$0) }])
}
let setup = TrainingSetup(
    latent: Latent(size: 2), generator: generator, critic: critic, parameters: parameters,
    constraint: GradientPenalty(coefficient: 10),
    optimiser: Adam(learningRate: 1e-3, beta1: 0, beta2: 0.9), batchSize: 200, seed: 1)
let data = PointSource(try MixtureOnGrid(count: 2), seed: 1)
let trainer = try Trainer(setup, data: data, on: CPUDevice())
try trainer.train(to: 500)
print("the critic's estimate:", trainer.report.scoreDifference)
print("a generated point:", try trainer.sample(1))
