import ArgumentParser
import Foundation
import Runs
import TensorGraph
import WGAN

/// `wgan replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract:
            "Repeat the step in which a training failed, and say which tensor went bad first.",
        discussion: """
            A training in which a number becomes infinite or undefined stops and leaves a record \
            in the folder failure of its run. This command goes on from the last sound checkpoint, \
            update by update, to the first one that leaves such a number, and looks at every \
            operation of it. It writes nothing.

            Examples:
              wgan replay runs/mixture-1
              wgan replay runs/mixture-1 --json
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The folder with the data's files; by default the one that the training began with.",
            valueName: "folder"))
    var data: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let replay = try Refusal.guarding {
            try Replay(of: URL(fileURLWithPath: folder, isDirectory: true), data: data)
        }
        for text in replay.notes { note(text) }
        guard let update = try replay.trainer.firstUnsoundUpdate(upTo: replay.record.step) else {
            throw CommandFailure(
                "all numbers up to step \(replay.record.step) are finite here: the failure does "
                    + "not "
                    + "repeat itself; the data or the machine may be others than before")
        }
        let report = ReplayReport(
            record: replay.record, update: update,
            isSameData: try replay.record.hasLastBatch(of: replay.trainer, in: replay.folder))
        try print(json ? report.json : report.text)
    }
}

/// What a replay found.
struct ReplayReport {
    let record: FailureRecord
    let update: UnsoundUpdate
    let isSameData: Bool

    /// Lines for people.
    var text: String {
        var lines = [
            "step \(update.step), update \(update.number) of the \(update.network): "
                + "\(update.quantities.joined(separator: ", ")) not finite"
        ]
        if let origin = update.origin {
            lines.append(
                "first: \(origin.operation) of shape \(origin.shape), \(origin.count) of "
                    + "\(origin.shape.count) numbers")
            for operand in origin.operands {
                lines.append(
                    "  from \(operand.name) of shape \(operand.shape), largest magnitude "
                        + String(format: "%.4g", operand.largest))
            }
            lines.append("  reached \(origin.reached.joined(separator: ", "))")
        } else {
            lines.append("first: unknown, as the operations one by one stay finite")
        }
        lines.append(
            "recorded: \(record.quantity) at step \(record.step); the batch of data is "
                + (isSameData ? "the recorded one" : "another than the recorded one"))
        return lines.joined(separator: "\n")
    }

    /// One JSON object.
    var json: String {
        get throws {
            var members: [String: JSONValue] = [
                "step": .integer(update.step), "network": .text(update.network),
                "update": .integer(update.number),
                "quantities": .list(update.quantities.map { .text($0) }),
                "sameData": .truth(isSameData), "recordedStep": .integer(record.step),
            ]
            members["origin"] = update.origin.map { origin in
                .object([
                    "operation": .text(origin.operation),
                    "shape": .list(origin.shape.dimensions.map { .integer($0) }),
                    "nonFinite": .integer(origin.count),
                    "operands": .list(
                        origin.operands.map {
                            .object([
                                "name": .text($0.name), "largest": .number(Double($0.largest)),
                            ])
                        }), "reached": .list(origin.reached.map { .text($0) }),
                ])
            }
            return String(decoding: try JSONEncoder.sorted.encode(members), as: UTF8.self)
        }
    }
}

/// A training as it was at its last sound checkpoint before a failure.
struct Replay {
    let record: FailureRecord
    let trainer: Trainer
    let folder: RunFolder
    /// What the user should know about the data.
    let notes: [String]

    init(of url: URL, data: String?) throws {
        let folder = try RunFolder(opening: url)
        guard folder.has(RunFolder.configurationPath) else {
            throw RunFailure.programmed(path: url.path)
        }
        self.folder = folder
        record = try FailureRecord(lastOf: folder)
        let store = try CheckpointStore(in: folder)
        let file = try record.checkpoint.map { step in
            guard try store.list().contains(where: { $0.step == step }) else {
                throw CommandFailure(
                    "the checkpoint of step \(step), from which the failure would be replayed, is "
                        + "no longer kept; train again with a larger outputs.checkpoints.keep")
            }
            return try store.checkpoint(atStep: step)
        }
        let changes = ConfigurationChanges(overrides: [], steps: nil, data: data)
        let configuration = try changes.applied(
            to: file?.configuration
                ?? String(
                    decoding: folder.read(RunFolder.configurationPath), as: UTF8.self))
        let run = try RunRecord.of(folder)
        let former = try FormerProcess(file, run, in: folder)
        var change: String?
        trainer = try PreparedTraining(
            configuration, data: data ?? former.dataFolder,
            on: TrainingDevice.named(former.device, threads: former.threads),
            progress: OpeningProgress()
        ) {
            change = try RunData.check(
                $0, against: run, of: folder, isAccepted: data != nil)
        }.trainer
        notes = [change, configuration.note(onData: data)].compactMap { $0 }
        if let file {
            _ = try trainer.restore(try file.state())
            if change == nil { try file.checkData(of: trainer) }
        }
        trainer.reductions = record.reductions
    }
}
