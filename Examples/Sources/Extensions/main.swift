import CPUExecutor
import Evaluation
import Foundation
import NeuralNetworks
import Runs
import TensorGraph
import WGAN

// Every part of a training can be one's own: layer, constraint, objective, optimiser, data,
// observer and measure are in the files beside this one, a schedule is here.

/// The critic is updated more often in the first steps.
let schedule = CriticSchedule.custom(
    .init("eager") { step in .init(critic: step < 20 ? 4 : 1, generator: 1) })

func train(
    _ name: String, latent: Int, generator: [(inout ParameterStore) -> any Layer],
    critic: [(inout ParameterStore) -> any Layer], data: any SampleSource
) throws -> Trainer {
    var parameters = ParameterStore()
    let networks = [("generator", generator), ("critic", critic)].map { scope, layers in
        parameters.scoped(scope) { Sequential(in: &$0, layers) }
    }
    var setup = TrainingSetup(
        latent: Latent(size: latent), generator: networks[0], critic: networks[1],
        parameters: parameters, constraint: ScorePull(strength: 0.01),
        optimiser: SignDescent(learningRate: 1e-3), schedule: schedule, batchSize: 64, seed: 1)
    setup.objective = LeastSquares()
    let trainer = try Trainer(setup, data: data, on: CPUDevice())
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Run(continuing: folder)
    run.observers = [LossPrinter(every: 100)]
    try trainer.train(to: 200, recording: run)
    return trainer
}

_ = try train(
    "spiral", latent: 2,
    generator: [{ Linear(2, 32, in: &$0) }, { _ in MaxMin() }, { Linear(32, 2, in: &$0) }],
    critic: [{ Linear(2, 32, in: &$0) }, { _ in MaxMin() }, { Linear(32, 1, in: &$0) }],
    data: PointSource(Spiral(), seed: 1))

let trainer = try train(
    "squares", latent: 8,
    generator: [
        { Linear(8, 64, in: &$0) }, { _ in Tanh() },
        { _ in Reshape(channels: 1, height: 8, width: 8) },
    ],
    critic: [
        { _ in Flatten() }, { Linear(64, 32, in: &$0) }, { _ in MaxMin() },
        { Linear(32, 1, in: &$0) },
    ],
    data: Squares(seed: 1))
let (first, second) = (try trainer.sample(16, seed: 1), trainer.realSamples(16))
let sides = try [first, second].map {
    try SampleImages(height: 8, width: 8, channels: 1, samples: $0, range: -1...1)
}
print("mean difference:", try MeanDifference().values(sides[0], sides[1]).mean)
