package import ArrayFiles
import Foundation
import NeuralNetworks
import TensorGraph
import WGAN

/// The networks' numbers as a safetensors file, in PyTorch's names and layouts.
package enum Weights {
    /// The file's place in the run folder.
    static let path = "weights.safetensors"

    /// What the file holds: parameters, running statistics and, if there are any, averages.
    static func saved(_ parameters: ParameterStore) -> [Parameter] {
        parameters.parameters.filter { $0.role != .state || $0.name.hasPrefix("ema.") }
    }

    /// Writes the weights that a trainer has now.
    static func write(_ trainer: Trainer, in run: RunFolder, at path: String = path) throws {
        let tensors = saved(trainer.parameters).map { parameter in
            (
                name: parameter.name, shape: parameter.shape.dimensions,
                values: trainer.value(of: parameter)
            )
        }
        try write(tensors, step: trainer.step, in: run, at: path)
    }

    /// Writes the weights after a number of steps.
    package static func write(
        _ tensors: [Safetensors.Tensor], step: Int, in run: RunFolder, at path: String = path
    ) throws {
        try Safetensors.write(
            tensors, metadata: ["format": "pt", "step": "\(step)"], to: try run.place(for: path))
    }
}

/// The checkpoint of a run that its measure says is the best.
struct BestCheckpoint {
    let file: CheckpointFile
    /// The measure's name and its value.
    let (measure, value): (String, Double)

    /// - Throws: An error of one sentence where the run keeps none or has none.
    init(of run: RunFolder) throws {
        let name = run.url.relativePath
        let configuration = try TrainingConfiguration(of: run)
        guard let measure = configuration.outputs.checkpoints.best?.rawValue else {
            throw RunFailure.unusable(
                "\(name) keeps no best checkpoint; name the step of one, or train with "
                    + "outputs.checkpoints.best")
        }
        let data = RunData.measured(
            on: configuration.data.distribution, sum: try RunRecord.of(run)?.data?.xxh64)
        let store = try CheckpointStore(
            in: run, keeping: .init(best: measure, measuredOn: data))
        guard let file = try store.best(), let value = file.metrics[measure] else {
            throw RunFailure.unusable(
                "\(name) has no checkpoint with a measured \(measure); name the step of one")
        }
        (self.file, self.measure, self.value) = (file, measure, value)
    }
}

/// Saves the weights when the training ends, and on the way where that is asked for.
struct WeightsObserver: TrainingObserver {
    private let interval: OutputInterval?
    private let run: RunFolder

    init(_ interval: OutputInterval?, in run: RunFolder) {
        (self.interval, self.run) = (interval, run)
    }

    func stepped(_ trainer: Trainer) throws {
        guard let interval, trainer.isDue(interval) else { return }
        try Weights.write(
            trainer, in: run, at: WeightsPlaces.folder + "/step-\(padded(trainer.step)).safetensors"
        )
    }

    func ended(_ trainer: Trainer) throws { try Weights.write(trainer, in: run) }
}
