import CPUExecutor
import Foundation
import Runs
import WGAN

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
            on: CPUDevice(checking: former.threads), progress: OpeningProgress()
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
