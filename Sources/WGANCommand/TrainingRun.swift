import CPUExecutor
import Datasets
import Foundation
import Runs
import WGAN

/// A training in its run folder, ready to begin or to go on from where its trainer is.
///
/// Nobody else writes to the folder as long as this value lives.
struct TrainingRun {
    let prepared: PreparedTraining
    let folder: RunFolder
    let lock: RunLock
    /// Whether a process before this one has begun the run.
    var isResumed = false
    /// The time that earlier processes took for the steps done, in seconds.
    var earlierSeconds = 0.0
    private let stopwatch = Stopwatch()

    init(_ prepared: PreparedTraining, in folder: RunFolder, lock: RunLock) {
        (self.prepared, self.folder, self.lock) = (prepared, folder, lock)
    }

    var configuration: TrainingConfiguration { prepared.configuration }
    var trainer: Trainer { prepared.trainer }
    /// Steps of the whole training.
    var steps: Int { prepared.steps }

    /// Trains to the end, then says what the training came to.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether nothing is shown but what `json` asks for.
    ///   - json: Whether the summary is printed as one JSON object.
    func carryOut(isQuiet: Bool, json: Bool) throws {
        try RunEnvironment(threads: prepared.device.threads).write(in: folder)
        if trainer.step < steps { try dropEnd() }
        if !isResumed, !isQuiet, let warning = try trainer.slopeWarning() { note(warning) }
        let recorder = try RunRecorder(self, isQuiet: isQuiet)
        defer { InterruptionSignals.shared.farewell = nil }
        try recorder.train()
        let warnings = try recorder.warnings()
        let summary = try RunSummary(
            run: folder, trainer: trainer, check: recorder.exactCheck(), warnings: warnings,
            seconds: seconds, waited: prepared.trainer.dataTime.seconds)
        let object = try summary.json
        try folder.write(object, at: RunSummary.path)
        try RunReport(of: folder).write(in: folder)
        for warning in warnings where !isQuiet { note(warning) }
        if json {
            try printToListener(String(decoding: object, as: UTF8.self))
        } else if !isQuiet {
            try printToListener(summary)
        }
    }
}

extension TrainingRun {
    /// What a checkpoint tells beside the state.
    enum Text {
        static let threads = "threads"
        /// In checkpoints of earlier versions, the folder with the data's files.
        static let data = "dataFolder"
        static let seconds = "seconds"
        /// The configuration that this one has replaced: the file of the run may still hold it.
        static let replaced = "replacedConfiguration"
    }

    /// What this process adds to the run's record.
    var session: RunRecord.Session {
        RunRecord.Session(
            step: trainer.step, environment: RunEnvironment(threads: prepared.device.threads),
            configuration: configuration.resolvedYAML, data: prepared.fingerprint?.sum)
    }

    /// Drops what tells of an end that the training now goes beyond, and says so on the page.
    private func dropEnd() throws {
        guard folder.has(RunSummary.path) else { return }
        try folder.remove(RunSummary.path)
        if folder.has(RunReport.path) { try RunReport(of: folder).write(in: folder) }
    }

    private var seconds: Double { earlierSeconds + stopwatch.read().seconds }

    /// The run's checkpoints, of which those stay that the configuration asks for.
    func checkpoints() throws -> CheckpointStore {
        let settings = configuration.outputs.checkpoints
        return try CheckpointStore(
            in: folder,
            keeping: .init(
                last: settings.keep, best: settings.best?.rawValue, measuredOn: measuredOn))
    }

    /// Tells the data that measures of the model are taken on from other data.
    private var measuredOn: String {
        configuration.measuredOn(dataSum: prepared.fingerprint?.sum)
    }

    /// The measures of a checkpoint; those on other data are none.
    func metrics(of file: CheckpointFile) -> [String: Double] {
        file.texts[Checkpoint.measuredOn] == measuredOn ? file.metrics : [:]
    }

    /// The training as it is now.
    ///
    /// - Parameters:
    ///   - metrics: Measures of the model on the data of now.
    ///   - replaced: The configuration that the run had until now, where it has changed.
    func checkpoint(metrics: [String: Double], replacing replaced: String? = nil) throws
        -> Checkpoint
    {
        var texts = [Text.threads: "\(prepared.device.threads)", Text.seconds: "\(seconds)"]
        texts[Text.replaced] = replaced
        texts[Checkpoint.measuredOn] = measuredOn
        return try Checkpoint(
            trainer, configuration: configuration.resolvedYAML, texts: texts, metrics: metrics)
    }
}
