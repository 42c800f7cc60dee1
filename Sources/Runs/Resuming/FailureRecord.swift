import ArrayFiles
import Files
import Foundation
import NeuralNetworks
import TensorGraph
public import WGAN

/// What is kept of a step that left an infinite or undefined number: `failure/step-<N>.json`, and
/// the last batches of data beside it.
package struct FailureRecord: Codable, Equatable {
    /// A variable as the step left it.
    struct Norm: Codable, Equatable {
        let name: String
        /// The Euclidean norm of its finite numbers.
        let norm: Double
        /// The largest magnitude among them.
        let largest: Double
        /// How many numbers are not finite.
        let nonFinite: Int

        init(_ name: String, _ values: [Float]) {
            let finite = values.filter(\.isFinite).map(Double.init)
            self.name = name
            norm = finite.reduce(0) { $0 + $1 * $1 }.squareRoot()
            largest = finite.reduce(0) { max($0, abs($1)) }
            nonFinite = values.count - finite.count
        }
    }

    /// The folder's place in the run folder.
    package static let folder = "failure"

    /// The step in which the number was found, counted from 1.
    package let step: Int
    /// What is not finite.
    package let quantity: String
    /// What the random numbers of the next updates are functions of: the last ones have these
    /// numbers less one.
    let seed: UInt64
    let criticUpdates: Int
    let generatorUpdates: Int
    /// How often the learning rate was reduced before.
    package let reductions: Int
    /// The step of the last sound checkpoint; nil where there is none.
    package let checkpoint: Int?
    let dataEpoch: Int
    let dataBatch: Int
    let losses: [String: Double]
    let norms: [Norm]

    init(_ trainer: Trainer, step: Int, quantity: String, checkpoint: Int?) {
        (self.step, self.quantity, self.checkpoint) = (step, quantity, checkpoint)
        seed = trainer.setup.seed
        (criticUpdates, generatorUpdates) = (trainer.criticUpdates, trainer.generatorUpdates)
        reductions = trainer.reductions
        (dataEpoch, dataBatch) = (trainer.dataPosition.epoch, trainer.dataPosition.batch)
        losses = Dictionary(
            uniqueKeysWithValues: zip(
                StepLosses.recordedNames(of: trainer.setup), trainer.losses.values))
        norms = trainer.parameters.parameters.map { Norm($0.name, trainer.value(of: $0)) }
    }
}

extension FailureRecord {
    private static let batchCount = 4

    /// Writes the record and the trainer's last batches.
    func write(_ trainer: Trainer, in run: RunFolder) throws {
        let numbers = max(0, criticUpdates - Self.batchCount)..<criticUpdates
        let batches = trainer.batches(numbers).map { number, values in
            (
                name: Self.name(ofBatch: number),
                shape: [trainer.setup.realBatchSize] + trainer.sampleShape.dimensions,
                values: values
            )
        }
        try Safetensors.write(batches, to: try run.place(for: Self.path(step) + ".safetensors"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try run.write(try encoder.encode(self), at: Self.path(step) + ".json")
    }

    /// Reads the record of a run's last failure.
    ///
    /// - Throws: ``RunFailure/unusable(_:)`` where there is none or the file cannot be read.
    package init(lastOf run: RunFolder) throws {
        let folder = try run.url(of: Self.folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let steps = names.compactMap { name -> Int? in
            guard name.hasPrefix("step-"), name.hasSuffix(".json") else { return nil }
            return Int(name.dropFirst(5).dropLast(5))
        }
        guard let step = steps.max() else {
            throw RunFailure.unusable(
                "\(run.url.relativePath) holds no record of a failure: no number in it was "
                    + "infinite or undefined; there is nothing to replay")
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let path = Self.path(step) + ".json"
        do {
            self = try decoder.decode(FailureRecord.self, from: try run.read(path))
        } catch is DecodingError {
            throw RunFailure.unusable(
                "\(try run.url(of: path).relativePath) is no record of a failure; restore it")
        }
    }

    /// Whether the trainer, after the same updates, is given the recorded batch.
    package func hasLastBatch(of trainer: Trainer, in run: RunFolder) throws -> Bool {
        guard trainer.criticUpdates > 0 else { return true }
        let file = try SafetensorsFile(
            contentsOf: try run.url(of: Self.path(step) + ".safetensors"))
        let name = Self.name(ofBatch: trainer.criticUpdates - 1)
        // An earlier step than the recorded one may have been the first unsound one.
        guard file.tensorNames.contains(name) else { return true }
        return try file.tensor(named: name).values == trainer.lastBatch
    }

    /// Whether the training has gone on since.
    ///
    /// - Parameter time: When the last step was measured, in seconds since 1970; nil for never.
    func isPast(in run: RunFolder, measuredAt time: Double?) throws -> Bool {
        guard
            let record = FileMark(ofFileAt: try run.url(of: Self.path(step) + ".json").path)
        else { return true }
        // A process that goes on writes it first.
        let sessions = FileMark(ofFileAt: try run.url(of: RunRecord.path).path)
        return max(time ?? 0, sessions?.time ?? 0) > record.time + 1
    }

    private static func path(_ step: Int) -> String { "\(folder)/step-\(step)" }
    private static func name(ofBatch number: Int) -> String { "batch \(number)" }
}

/// A training that has stopped because a number is not finite.
public struct UnsoundTraining: Error, CustomStringConvertible {
    /// Which number, and in which step.
    public let cause: TrainingError
    /// The step of the last sound checkpoint; nil where there is none.
    public let checkpoint: Int?
    /// The run's folder, with a record of the failure in its subfolder `failure`.
    public let run: RunFolder

    /// One sentence: what became infinite or undefined, which checkpoint is left and, for the run
    /// of a preset or file, that `wgan replay` finds the origin.
    public var description: String {
        let state = checkpoint.map { "the last sound checkpoint is that of step \($0)" }
        let sentence = "\(cause); \(state ?? "there is no checkpoint yet")"
        guard run.has(RunFolder.configurationPath) else { return sentence }
        return sentence
            + ", and wgan replay \(run.url.relativePath) says which number went bad first"
    }
}
