import Foundation
import NeuralNetworks
import Runs
import TensorGraph
import WGAN

/// The networks' numbers as a safetensors file, in PyTorch's names and layouts.
enum Weights {
    /// The file's place in the run folder.
    static let path = "weights.safetensors"

    /// What the file holds: parameters, running statistics and, if there are any, averages.
    private static func saved(_ parameters: ParameterStore) -> [Parameter] {
        parameters.parameters.filter { $0.role != .state || $0.name.hasPrefix("ema.") }
    }

    /// Writes the weights that a trainer has now.
    static func write(_ trainer: Trainer, in run: RunFolder) throws {
        let tensors = saved(trainer.parameters).map { parameter in
            (
                name: parameter.name, shape: parameter.shape.dimensions,
                values: trainer.value(of: parameter)
            )
        }
        try Safetensors.write(
            tensors, metadata: ["format": "pt", "step": "\(trainer.step)"],
            to: try run.place(for: path))
    }

    /// Gives a device the numbers that a run ended with.
    ///
    /// - Throws: ``CommandFailure`` where a tensor is missing or has another shape than the
    ///   configuration says; `FileFailure` and `FormatFailure` where the file cannot be read.
    static func load(
        _ parameters: ParameterStore, from run: RunFolder, to device: any Device
    ) throws {
        let url = try run.url(of: path)
        let file = try SafetensorsFile(contentsOf: url)
        let names = Set(file.tensorNames)
        for parameter in saved(parameters) {
            guard names.contains(parameter.name) else {
                throw CommandFailure(
                    "\(url.relativePath) has no tensor \(parameter.name); it does not belong to this run's config.yaml"
                )
            }
            let (shape, values) = try file.tensor(named: parameter.name)
            guard shape == parameter.shape.dimensions else {
                throw CommandFailure(
                    "\(parameter.name) in \(url.relativePath) has shape \(shape), config.yaml says \(parameter.shape)"
                )
            }
            try device.set(parameter.variable, to: values)
        }
    }
}

/// Saves the weights when the training ends.
struct WeightsObserver: TrainingObserver {
    private let run: RunFolder
    init(in run: RunFolder) { self.run = run }
    func ended(_ trainer: Trainer) throws { try Weights.write(trainer, in: run) }
}
