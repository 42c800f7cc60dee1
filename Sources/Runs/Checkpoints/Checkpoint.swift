package import ArrayFiles
import Files
import Foundation
import TensorGraph
package import WGAN

/// All that a training needs to go on with the same bits: parameters, averages, the optimisers' and
/// the constraint's state, counters, seeds, the place in the data, and what the training was.
package struct Checkpoint: Sendable {
    /// Steps done.
    package var step: Int
    /// All state that is made of floats, by names that differ.
    package var tensors: [Safetensors.Tensor]
    /// All state that is made of integers, such as "criticUpdates", "seed" or "data.batch".
    package var counters: [String: UInt64]
    /// The complete configuration, as in `config.yaml`.
    package var configuration: String
    /// What else a process that goes on should know, by keys such as `threads` and `schedule`.
    package var texts: [String: String]
    /// Measures of the model, by which the best checkpoint is chosen.
    package var metrics: [String: Double]

    /// The text that tells what ``metrics`` were measured on.
    package static let measuredOn = "measuredOn"

    /// - Parameters:
    ///   - step: Steps done, from 0 upwards.
    ///   - tensors: All state that is made of floats; names beginning with "checkpoint." are taken.
    ///   - counters: All state that is made of integers.
    ///   - configuration: The complete configuration.
    ///   - texts: Further text.
    ///   - metrics: Measures of the model.
    package init(
        step: Int, tensors: [Safetensors.Tensor], counters: [String: UInt64] = [:],
        configuration: String = "", texts: [String: String] = [:], metrics: [String: Double] = [:]
    ) {
        (self.step, self.tensors, self.counters) = (step, tensors, counters)
        (self.configuration, self.texts, self.metrics) = (configuration, texts, metrics)
    }

    /// A short text that differs between configurations that differ, but for rare accidents.
    package static func hash(ofConfiguration text: String) -> String {
        let digits = String(CRC32C(Array(text.utf8)).value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// A checkpoint that cannot be written or used.
package enum CheckpointFailure: Error, Equatable, Sendable {
    /// The file is a safetensors file but no checkpoint, or a damaged one; the reason as a clause.
    case damaged(path: String, reason: String)
    /// The file was written by a later version of this program.
    case newerVersion(path: String)
    /// The file does not have what was asked for.
    case missing(path: String, name: String)
    /// A step below zero, or a tensor's name that the format keeps for itself.
    case unwritable(String)
}

extension CheckpointFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .damaged(let path, let reason):
            "The checkpoint \(path.quoted) cannot be used: \(reason); take an earlier one."
        case .newerVersion(let path):
            "The checkpoint \(path.quoted) was written by a newer version of this program; "
                + "update it to use the checkpoint."
        case .missing(let path, let name):
            "The checkpoint \(path.quoted) has no \(name.quoted); "
                + "it belongs to another configuration or version."
        case .unwritable(let what):
            "A checkpoint cannot be written: \(what.quoted) is not allowed; "
                + "count steps from 0 and do not begin names with 'checkpoint.'."
        }
    }
}

/// The names under which a checkpoint keeps what is no tensor.
private enum Key {
    static let critic = "criticUpdates"
    static let generator = "generatorUpdates"
    static let reductions = "learningRateReductions"
    static let seed = "seed"
    static let epoch = "data.epoch"
    static let batch = "data.batch"
    static let batchesPerEpoch = "data.batchesPerEpoch"
    static let lastBatch = "data.lastBatch"
    static let reportPrefix = "report."
    static let schedule = "schedule"
    static let learningRate = "learningRate"
}

extension Checkpoint {
    /// A training as it is now.
    ///
    /// - Parameters:
    ///   - configuration: The complete configuration.
    ///   - texts: What a process that goes on should know beside it.
    ///   - metrics: Measures of the model.
    /// - Throws: `TrainingError/nonFinite(step:quantity:)` where a tensor is not sound.
    init(
        _ trainer: Trainer, configuration: String, texts: [String: String],
        metrics: [String: Double]
    ) throws {
        let state = trainer.state
        if let name = state.firstNonFinite {
            throw TrainingError.nonFinite(step: state.step, quantity: name)
        }
        let position = trainer.dataPosition
        var counters: [String: UInt64] = [
            Key.critic: UInt64(state.criticUpdates),
            Key.generator: UInt64(state.generatorUpdates),
            Key.reductions: UInt64(state.reductions),
            Key.seed: trainer.setup.seed, Key.epoch: UInt64(position.epoch),
            Key.batch: UInt64(position.batch),
            Key.batchesPerEpoch: UInt64(trainer.batchesPerEpoch ?? 0),
            Key.lastBatch: trainer.lastBatchCheck,
        ]
        for (name, value) in StepLosses.quantities {
            counters[Key.reportPrefix + name] = state.losses[keyPath: value].bitPattern
        }
        let notes = [
            Key.schedule: "\(trainer.setup.schedule)",
            Key.learningRate: "\(trainer.setup.learningRate)",
        ]
        self.init(
            step: state.step,
            tensors: state.tensors.map { ($0.name, $0.shape.dimensions, $0.values) },
            counters: counters, configuration: configuration,
            texts: texts.merging(notes) { mine, _ in mine }, metrics: metrics)
    }
}

extension CheckpointFile {
    /// The training's state.
    ///
    /// - Throws: ``CheckpointFailure``, `FormatFailure` and `FileFailure`.
    package func state() throws -> TrainerState {
        var losses = StepLosses()
        losses.step = step
        for (name, value) in StepLosses.quantities {
            // An earlier version may not have known all quantities of today.
            guard counters.contains(Key.reportPrefix + name) else { continue }
            losses[keyPath: value] = Double(bitPattern: try counter(Key.reportPrefix + name))
        }
        return TrainerState(
            step: step, criticUpdates: try count(Key.critic),
            generatorUpdates: try count(Key.generator), reductions: try count(Key.reductions),
            losses: losses,
            tensors: try tensorNames.map { name in
                let tensor = try tensor(named: name)
                return .init(name: name, shape: Shape(tensor.shape), values: tensor.values)
            })
    }

    /// The time that the steps done took, in seconds; nil where it was not noted.
    var seconds: Double? { texts[RecordedTraining.Text.seconds].flatMap { Double($0) } }

    /// What is said of variables that the checkpoint does not keep; nil where it keeps all.
    func note(onBeginningAnew names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
        return "the checkpoint of step \(step) knows nothing of \(shown), which "
            + "\(names.count == 1 ? "begins" : "begin") anew"
    }

    /// Refuses other data than the training was on: its last batch shows it.
    package func checkData(of trainer: Trainer) throws {
        let batches = UInt64(trainer.batchesPerEpoch ?? 0)
        guard try counter(Key.batchesPerEpoch) == batches,
            try counter(Key.lastBatch) == trainer.lastBatchCheck
        else {
            throw RunFailure.unusable(
                "the data is not what the training was on: batch \(trainer.criticUpdates - 1) is "
                    + "another than at step \(step); restore the data, or name its folder with "
                    + "--data")
        }
    }

    private func count(_ name: String) throws -> Int { Int(clamping: try counter(name)) }
}

extension Trainer {
    /// A short number that differs between batches that differ, but for rare accidents.
    fileprivate var lastBatchCheck: UInt64 {
        lastBatch.withUnsafeBytes { UInt64(CRC32C($0).value) }
    }
}
