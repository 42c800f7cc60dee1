import CPUExecutor
import Foundation
import Runs
import StrictYAML
import WGAN

/// A run that goes on from its last checkpoint.
struct ResumedRun {
    let run: TrainingRun
    /// What the user should know.
    private(set) var notes: [String]

    /// Opens a run's folder, restores its training and makes the changes durable.
    ///
    /// - Parameters:
    ///   - data: The folder with the data's files; nil for that of before.
    ///   - threads: nil for as many as before.
    ///   - isQuiet: Whether nothing is shown of the data's decoding.
    /// - Throws: An error of one sentence where the run cannot go on like this.
    init(
        opening url: URL, _ changes: ConfigurationChanges, data: String?, threads: Int?,
        isQuiet: Bool
    ) throws {
        let folder = try RunFolder(opening: url)
        let lock = try RunLock(of: folder)
        let written = try TrainingConfiguration(
            TrainingConfiguration.document(
                presetOrFile: folder.url(of: RunFolder.configurationPath).path)
        ).resolvedYAML
        let (file, damages) = try CheckpointStore(in: folder).latest()
        notes = damages + (lock.formerHolder.map(Self.note) ?? [])
        let former = file.map(FormerProcess.init)
        let configuration = try Self.configuration(changes, written: written, file, in: folder)
        let device = try CPUDevice(checking: threads ?? former?.threads)
        let prepared = try PreparedTraining(
            configuration, data: data ?? former?.dataFolder, on: device, isQuiet: isQuiet)
        var run = TrainingRun(prepared, in: folder, lock: lock)
        run.isResumed = true
        run.earlierSeconds = former?.seconds ?? 0
        self.run = run
        if let file {
            try restore(file)
            try keep(configuration, over: written, saved: file)
        } else {
            notes.append("\(folder.url.relativePath) has no checkpoint; the training begins anew")
            try write(configuration, over: written)
        }
        if let before = former?.threads, before != device.threads {
            notes.append(
                "\(before) threads were used before, now \(device.threads): the bits will differ "
                    + "from those of a training without an interruption")
        }
    }

    private mutating func restore(_ file: CheckpointFile) throws {
        let trainer = run.trainer
        guard file.step <= run.steps else {
            throw CommandFailure(
                "the training has done \(file.step) steps already, more than \(run.steps); give "
                    + "--steps \(file.step) or more")
        }
        let anew = try trainer.restore(try file.state())
        let changed = try ConfigurationChanges.changedSections(
            from: file.configuration, to: run.configuration.resolvedYAML)
        if changed.isDisjoint(with: ["data", "batchSize", "seed"]) {
            try file.checkData(of: trainer)
        }
        if !anew.isEmpty {
            let names = anew.prefix(3).joined(separator: ", ") + (anew.count > 3 ? ", …" : "")
            notes.append(
                "the checkpoint of step \(file.step) knows nothing of \(names), which "
                    + "\(anew.count == 1 ? "begins" : "begin") anew")
        }
        if file.step == run.steps {
            notes.append(
                "all \(run.steps) steps were done already; to go on, give --steps and a larger "
                    + "number")
        }
    }

    /// The configuration of the checkpoint with the changes; that of the folder where there is no
    /// checkpoint.
    private static func configuration(
        _ changes: ConfigurationChanges, written: String, _ file: CheckpointFile?,
        in folder: RunFolder
    ) throws -> TrainingConfiguration {
        guard let file else { return try changes.applied(to: written) }
        // A kill may have come after the checkpoint with a new configuration and before its file.
        if file.texts[TrainingRun.Text.replaced] != written {
            let keys = try changes.uncovered(written: written, saved: file.configuration)
            guard keys.isEmpty else {
                let path = try folder.url(of: RunFolder.configurationPath).relativePath
                throw CommandFailure(
                    "\(path) has changed since the checkpoint of step \(file.step) in "
                        + "\(keys.joined(separator: ", ")); undo the changes, or accept each with "
                        + "--set key=value")
            }
        }
        return try changes.applied(to: file.configuration)
    }

    /// Makes a changed configuration that of the checkpoint, then that of the folder.
    private func keep(
        _ configuration: TrainingConfiguration, over written: String, saved file: CheckpointFile
    ) throws {
        if configuration.resolvedYAML != file.configuration {
            let checkpoint = try run.checkpoint(metrics: file.metrics, replacing: written)
            try run.checkpoints().write(checkpoint)
        }
        try write(configuration, over: written)
    }

    private func write(_ configuration: TrainingConfiguration, over written: String) throws {
        guard configuration.resolvedYAML != written else { return }
        try run.folder.write(
            Data(configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
    }

    private static func note(_ holder: ProcessIdentity) -> [String] {
        ["the run was left behind by \(holder), which has ended"]
    }
}
