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
    static func write(
        _ tensors: [Safetensors.Tensor], step: Int, in run: RunFolder, at path: String = path
    ) throws {
        try Safetensors.write(
            tensors, metadata: ["format": "pt", "step": "\(step)"], to: try run.place(for: path))
    }

    /// Which of a run's weights.
    enum Place {
        /// Those that the run ended with.
        case end
        /// Those of the checkpoint after so many steps.
        case step(Int)
        /// Those in a file of one's own, under the names of the run's.
        case file(URL)
    }

    /// Gives a device the numbers of a run.
    ///
    /// - Throws: ``CommandFailure`` where a tensor is missing or has another shape than the
    ///   configuration says; `FileFailure`, `FormatFailure` and `CheckpointFailure` where the file
    ///   cannot be read.
    static func load(
        _ parameters: ParameterStore, from run: RunFolder, at place: Place = .end,
        to device: any Device
    ) throws {
        let file = try TensorFile(place, of: run)
        for parameter in saved(parameters) {
            guard file.names.contains(parameter.name) else {
                throw CommandFailure(
                    "\(file.path) has no tensor \(parameter.name); it does not belong to this run's config.yaml"
                )
            }
            let (shape, values) = try file.tensor(parameter.name)
            guard shape == parameter.shape.dimensions else {
                throw CommandFailure(
                    "\(parameter.name) in \(file.path) has shape \(shape), config.yaml says \(parameter.shape)"
                )
            }
            try device.set(parameter.variable, to: values)
        }
    }

    /// A file of named tensors, whether weights alone or a checkpoint.
    private struct TensorFile {
        let path: String
        let names: Set<String>
        let tensor: (_ name: String) throws -> (shape: [Int], values: [Float])

        private init(
            path: String, names: Set<String>,
            tensor: @escaping (_ name: String) throws -> (shape: [Int], values: [Float])
        ) {
            (self.path, self.names, self.tensor) = (path, names, tensor)
        }

        init(_ place: Place, of run: RunFolder) throws {
            switch place {
            case .end, .file:
                let url =
                    if case .file(let url) = place { url } else { try run.url(of: Weights.path) }
                let file = try SafetensorsFile(contentsOf: url)
                self.init(path: url.relativePath, names: Set(file.tensorNames)) {
                    try file.tensor(named: $0)
                }
            case .step(let step):
                let file = try CheckpointStore(in: run).checkpoint(atStep: step)
                self.init(path: "the checkpoint of step \(step)", names: Set(file.tensorNames)) {
                    let tensor = try file.tensor(named: $0)
                    return (tensor.shape, tensor.values)
                }
            }
        }
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
            trainer, in: run, at: "weights/step-\(padded(trainer.step)).safetensors")
    }

    func ended(_ trainer: Trainer) throws { try Weights.write(trainer, in: run) }
}
