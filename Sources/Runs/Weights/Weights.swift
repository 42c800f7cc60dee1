package import ArrayFiles
import Files
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

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool {
        interval.map { trainer.isDue($0, atStep: step) } ?? false
    }

    func stepped(_ trainer: Trainer) throws {
        guard let interval, trainer.isDue(interval) else { return }
        try Weights.write(
            trainer, in: run, at: WeightsPlaces.folder + "/step-\(padded(trainer.step)).safetensors"
        )
    }

    func ended(_ trainer: Trainer) throws { try Weights.write(trainer, in: run) }
}

/// Where a run's folder has weights: those of its end, its checkpoints, and those saved on the way.
struct WeightsPlaces {
    /// The folder of weights that are saved on the way.
    static let folder = "weights"

    private let run: RunFolder
    private let checkpoints: CheckpointStore
    /// Weights saved on the way, by ascending step.
    private let saved: [(step: Int, url: URL)]

    private var name: String { run.url.relativePath }

    init(of run: RunFolder) throws {
        self.run = run
        checkpoints = try CheckpointStore(in: run)
        saved = try run.numberedPictures(in: Self.folder).filter {
            $0.url.pathExtension == "safetensors"
        }
    }

    /// The weights of the largest step.
    func newest() throws -> SavedWeights {
        guard let newest = try newestIfAny() else {
            throw RunFailure.unusable(
                "\(name) has no weights yet, neither \(Weights.path) nor a checkpoint; go on with "
                    + "its training by wgan resume \(name)")
        }
        return newest
    }

    /// The weights of the largest step; nil where there are none.
    func newestIfAny() throws -> SavedWeights? {
        let final = try end()
        if let final, final.step == nil { return final }
        let last = final?.step ?? -1
        var (newest, notes) = (final, [String]())
        if let entry = try checkpoints.list().last, entry.step > last {
            let (file, damages) = try checkpoints.latest()
            notes = damages
            if let file, file.step > last { newest = SavedWeights(file) }
        }
        if let place = saved.last, place.step > newest?.step ?? -1 {
            newest = try SavedWeights(file: place.url)
        }
        guard let newest, newest.step != final?.step else { return final?.noting(notes) }
        let reason =
            final.map { _ in
                "\(name) was trained on since its end after \(counted(last, "step")), whose "
                    + "weights are --weights final"
            } ?? "\(name) has not ended"
        return newest.noting(notes + ["\(reason): its newest weights are used, \(newest.name)"])
    }

    /// The weights that the run ended with, or was imported with; nil where there are none.
    func end() throws -> SavedWeights? {
        run.has(Weights.path) ? try SavedWeights(file: run.url(of: Weights.path)) : nil
    }

    /// The weights of the checkpoint that is best by the measure of the run's configuration.
    func best() throws -> SavedWeights { SavedWeights(try BestCheckpoint(of: run).file) }

    /// The weights after a number of steps.
    func weights(after step: Int) throws -> SavedWeights {
        if try checkpoints.list().contains(where: { $0.step == step }) {
            return SavedWeights(try checkpoints.checkpoint(atStep: step))
        }
        if let place = saved.first(where: { $0.step == step }) {
            return try SavedWeights(file: place.url)
        }
        let final = try end()
        if let final, final.step == step { return final }
        let steps = try checkpoints.list().map(\.step) + saved.map(\.step) + [final?.step ?? -1]
        let known = Set(steps).subtracting([-1]).sorted().map(String.init)
        throw RunFailure.unusable(
            "\(name) has no weights of step \(step); "
                + (known.isEmpty
                    ? "it has none yet" : "it has those of \(known.joined(separator: ", "))"))
    }
}
