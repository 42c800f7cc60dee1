import ArrayFiles
import Datasets
package import Foundation
package import NeuralNetworks
package import TensorGraph
package import WGAN

/// Which of a run's weights.
package enum WeightsChoice: Equatable {
    /// Those of the largest step: of the end, or of a checkpoint where the run goes on since.
    case newest
    /// Those that the run ended with.
    case final
    /// Those of the checkpoint that is best by the run's own measure.
    case best
    /// Those after so many steps.
    case step(Int)
    /// Those in a file of one's own, under the names of the run's.
    case file(URL)

    /// The choice that `--weights` names: `newest`, `final`, `best`, a step such as 1000 or
    /// step-1000, else a file.
    package init(_ text: String) {
        let digits =
            text.hasPrefix("step") ? text.dropFirst(4).drop { " -".contains($0) } : text[...]
        switch text {
        case "newest": self = .newest
        case "final": self = .final
        case "best": self = .best
        default:
            self = Int(digits).map { WeightsChoice.step($0) } ?? .file(URL(fileURLWithPath: text))
        }
    }
}

/// What tells weights from others: the step they were reached at, and a checksum of all numbers.
package struct WeightsStamp: Codable, Equatable {
    /// Steps done; nil for a file that does not say it.
    package let step: Int?
    /// The checksum of all parameters, running statistics and averages, with their names.
    package let xxh64: String

    /// The stamp as texts of a file's metadata.
    package var texts: [String: String] {
        var texts = ["weights": xxh64]
        texts["step"] = step.map { "\($0)" }
        return texts
    }

    /// `step 60 (weights 0123456789abcdef)`.
    package var shown: String {
        "\(step.map { "step \($0)" } ?? "an unknown step") (weights \(xxh64))"
    }
}

/// Weights of a run on disk, whether a file of them alone or a checkpoint.
package struct SavedWeights {
    /// What the weights are called in sentences.
    let name: String
    /// Steps done; nil for a file that does not say it.
    let step: Int?
    /// What the user should know about the choice.
    package private(set) var notes: [String] = []
    private let names: Set<String>
    private let read: (_ name: String) throws -> (shape: [Int], values: [Float])

    /// A file of weights alone.
    init(file url: URL) throws {
        let file = try SafetensorsFile(contentsOf: url)
        (name, names) = (url.relativePath, Set(file.tensorNames))
        step = file.metadata["step"].flatMap { Int($0) }
        read = { try file.tensor(named: $0) }
    }

    /// The weights among a checkpoint's state.
    init(_ checkpoint: CheckpointFile) {
        (name, names) = ("the checkpoint of step \(checkpoint.step)", Set(checkpoint.tensorNames))
        step = checkpoint.step
        read = { name in
            let tensor = try checkpoint.tensor(named: name)
            return (tensor.shape, tensor.values)
        }
    }

    /// Opens the weights of a run that were chosen.
    ///
    /// - Throws: ``RunFailure/unusable(_:)`` where there are none such; `FileFailure`,
    ///   `FormatFailure` and `CheckpointFailure` where the file cannot be read.
    package init(_ choice: WeightsChoice, of run: RunFolder) throws {
        let places = try WeightsPlaces(of: run)
        switch choice {
        case .newest: self = try places.newest()
        case .final: self = try SavedWeights(file: run.url(of: Weights.path))
        case .best: self = try places.best()
        case .step(let step): self = try places.weights(after: step)
        case .file(let url): self = try SavedWeights(file: url)
        }
    }

    /// The same with a further note.
    func noting(_ sentences: [String]) -> SavedWeights {
        var copy = self
        copy.notes += sentences
        return copy
    }

    /// Gives a device the numbers.
    ///
    /// - Throws: ``RunFailure/unusable(_:)`` where a tensor is missing or has another shape than
    ///   the configuration says; the errors of ``init(_:of:)``.
    package func load(_ parameters: ParameterStore, to device: any Device) throws {
        for parameter in Weights.saved(parameters) {
            try device.set(parameter.variable, to: values(of: parameter))
        }
    }

    private func values(of parameter: Parameter) throws -> [Float] {
        guard names.contains(parameter.name) else {
            throw RunFailure.unusable(
                "\(name) has no tensor \(parameter.name); it does not belong to this run's "
                    + "config.yaml")
        }
        let (shape, values) = try read(parameter.name)
        guard shape == parameter.shape.dimensions else {
            throw RunFailure.unusable(
                "\(parameter.name) in \(name) has shape \(shape), config.yaml says "
                    + "\(parameter.shape)")
        }
        return values
    }

    /// The state of a training that goes on from these weights alone, with all else as it begins.
    func state(for setup: TrainingSetup) throws -> TrainerState {
        let tensors = try setup.weights.filter { names.contains($0.name) }.map {
            TrainerState.Tensor(name: $0.name, shape: $0.shape, values: try values(of: $0))
        }
        let step = step ?? 0
        let updates = (0..<step).map { setup.schedule.updates(inStep: $0) }
        return TrainerState(
            step: step, criticUpdates: updates.reduce(0) { $0 + $1.critic },
            generatorUpdates: updates.reduce(0) { $0 + $1.generator }, tensors: tensors)
    }

    /// What tells these weights from others.
    package func stamp(for setup: TrainingSetup) throws -> WeightsStamp {
        var sum = XXH64()
        for parameter in setup.weights where names.contains(parameter.name) {
            sum.add(parameter, try read(parameter.name).values)
        }
        return WeightsStamp(step: step, xxh64: sum.digits)
    }
}

extension WeightsStamp {
    /// The stamp of weights that a trainer has now.
    init(_ trainer: Trainer) {
        var sum = XXH64()
        for parameter in trainer.setup.weights { sum.add(parameter, trainer.value(of: parameter)) }
        self.init(step: trainer.step, xxh64: sum.digits)
    }
}

extension XXH64 {
    fileprivate mutating func add(_ parameter: Parameter, _ values: [Float]) {
        Array(parameter.name.utf8).withUnsafeBytes { add($0) }
        values.withUnsafeBytes { add($0) }
    }
}

extension TrainingSetup {
    /// What is saved of the networks: parameters, running statistics and, if there are any,
    /// averages.
    var weights: [Parameter] {
        var store = parameters
        _ = averaging?.replacements(for: store.trainable(in: "generator"), in: &store)
        return Weights.saved(store)
    }
}
