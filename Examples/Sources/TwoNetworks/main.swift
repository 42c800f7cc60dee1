import CPUExecutor
import Datasets
import Foundation
import NeuralNetworks
import Runs
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

// Started again after whatever ended it, the program goes on from its last checkpoint.
let folder = CommandLine.arguments.dropFirst().first ?? "runs/two-networks"
let run = try Run(continuing: URL(filePath: folder))
run.outputs.checkpoints.every = 100
let summary = try trainer.train(to: 500, recording: run)
print(summary)
