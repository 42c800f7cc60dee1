import Files
import Foundation
import WGAN

/// Opens the run of a preset or file again and brings its training to where it can go on.
struct Resumption {
    let run: Run
    private let training: PreparedTraining
    private var notes: [String] {
        get { run.notes }
        nonmutating set { run.notes = newValue }
    }
    /// Whether the data is other than before, and the user has said so.
    private let isOnOtherData: Bool

    /// Opens a run's folder, restores its training and makes the changes durable.
    ///
    /// - Parameters:
    ///   - threads: nil for as many as before.
    ///   - progress: Told how the data is opened.
    /// - Throws: An error of one sentence where the run cannot go on like this.
    init(
        of url: URL, _ changes: ConfigurationChanges, threads: Int?, device: String?,
        _ processes: TrainingProcesses?, progress: OpeningProgress
    ) throws {
        let folder = try RunFolder(opening: url)
        let lock = try RunLock(of: folder)
        let record = try RunRecord.of(folder)
        guard record?.isProgrammed != true else { throw RunFailure.programmed(path: url.path) }
        let written = try changes.resolved(
            TrainingConfiguration.document(
                presetOrFile: folder.url(of: RunFolder.configurationPath).path))
        let start = try ResumptionPoint(of: folder, record)
        var notes = start.notes + (lock.note.map { [$0] } ?? [])
        notes += RunEnvironment.notes(resuming: folder)
        let former = try FormerProcess(start.checkpoint, record, in: folder)
        let configuration = try Self.configuration(
            changes, written: written, start.checkpoint, in: folder)
        let device = try TrainingDevice.named(
            device ?? former.device, threads: threads ?? former.threads, processes: processes)
        var change: String?
        training = try PreparedTraining(
            configuration, data: changes.data ?? (changes.nameData ? nil : former.dataFolder),
            on: device, progress: progress
        ) {
            change = try RunData.check(
                $0, against: record, of: folder, isAccepted: changes.nameData)
        }
        isOnOtherData = change != nil
        notes += [change, configuration.note(onData: changes.data)].compactMap { $0 }
        run = Run(folder, lock, training)
        run.isResumed = true
        run.earlierSeconds = former.seconds
        run.notes = notes
        try begin(at: start, record)
        run.processes = processes
        try processes?.begin(training, data: changes.data ?? former.dataFolder)
        try keep(configuration, over: written, changes, saved: start.checkpoint)
        run.notes += Run.changes(
            threads: former.threads, now: device.processorThreads, device: former.device,
            now: device)
    }

    private var recorded: RecordedTraining {
        RecordedTraining(run, training.trainer, to: training.steps)
    }

    /// Restores the training and adds this process to the run's record.
    private func begin(at start: ResumptionPoint, _ record: RunRecord?) throws {
        switch start {
        case .checkpoint(let file, _): try restore(file)
        case .weights(let weights, _): try restore(weights)
        case .beginning: break
        }
        var record = record ?? RunRecord(begun: nil)
        var session = recorded.session
        session.isFromWeights = start.isFromWeights
        record.data = training.fingerprint.map(RunData.init)
        record.add(session)
        try record.write(training.fingerprint, in: run.folder)
    }

    /// Goes on from weights alone: the losses that were last measured are still the last.
    private func restore(_ weights: SavedWeights) throws {
        var state = try weights.state(for: training.trainer.setup)
        try check(state.step)
        state.losses.step = state.step
        if let last = try MetricHistory.of(run.folder)?.last() {
            for (name, value) in StepLosses.quantities {
                guard let point = last[name], point.step <= state.step else { continue }
                state.losses[keyPath: value] = point.value
            }
        }
        let anew = try training.trainer.restore(state)
        guard !anew.isEmpty else { return }
        notes.append("the optimisers begin anew, and so does all else that the file does not keep")
    }

    private func check(_ done: Int) throws {
        guard done <= training.steps else {
            throw RunFailure.unusable(
                "the training has done \(counted(done, "step")) already, more than "
                    + "\(training.steps); "
                    + "give --steps \(done) or more")
        }
        guard done == training.steps else { return }
        notes.append(
            "nothing is left of \(counted(done, "step")); to go on, give --steps and a larger "
                + "number")
    }

    private func restore(_ file: CheckpointFile) throws {
        let trainer = training.trainer
        try check(file.step)
        let anew = try trainer.restore(try file.state())
        let changed = try ConfigurationChanges.changedSections(
            from: file.configuration, to: training.configuration.resolvedYAML)
        if !isOnOtherData, changed.isDisjoint(with: ["data", "batchSize", "seed"]) {
            try file.checkData(of: trainer)
        }
        if let text = file.note(onBeginningAnew: anew) { notes.append(text) }
    }

    /// The configuration of the checkpoint with the changes; that of the folder where there is no
    /// checkpoint.
    private static func configuration(
        _ changes: ConfigurationChanges, written: String, _ file: CheckpointFile?,
        in folder: RunFolder
    ) throws -> TrainingConfiguration {
        guard let file else { return try changes.applied(to: written) }
        // A kill may have come after the checkpoint with a new configuration and before its file.
        let replaced = file.texts[RecordedTraining.Text.replaced]
        if try replaced.map({ try changes.resolved(ConfigurationChanges.document($0)) }) != written
        {
            let keys = try changes.uncovered(written: written, saved: file.configuration)
            guard keys.isEmpty else {
                let path = try folder.url(of: RunFolder.configurationPath).relativePath
                throw RunFailure.unusable(
                    "\(path) has changed since the checkpoint of step \(file.step) in "
                        + "\(keys.joined(separator: ", ")); undo the changes, or accept each with "
                        + "--set key=value")
            }
        }
        return try changes.applied(to: file.configuration)
    }

    /// Makes a changed configuration that of the checkpoint, then that of the folder.
    private func keep(
        _ configuration: TrainingConfiguration, over written: String,
        _ changes: ConfigurationChanges, saved file: CheckpointFile?
    ) throws {
        if let file, configuration.resolvedYAML != file.configuration {
            let checkpoint = try recorded.checkpoint(
                metrics: recorded.metrics(of: file), replacing: written)
            try recorded.checkpoints().write(checkpoint)
        }
        guard configuration.resolvedYAML != written || changes.nameData else { return }
        try run.folder.write(
            Data(configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
    }
}
