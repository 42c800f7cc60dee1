import Datasets
import Files
public import Foundation
import TensorGraph
public import WGAN

/// A training's folder, to which this process alone writes as long as the value lives.
///
/// All that a training leaves is kept in it: metrics, figures, samples, checkpoints, weights. A
/// training that was ended, however it was, goes on from its last checkpoint with the same bits as
/// one that was never ended.
///
/// A program describes its networks itself, and goes on when it is started again:
///
/// ```swift
/// let run = try Run(continuing: URL(filePath: "runs/mine"))
/// try trainer.train(to: 5000, recording: run)
/// ```
///
/// A training of a preset or a file is known to its folder, so that the folder is enough:
///
/// ```swift
/// try Run.create(for: TrainingRequest("mixture"), at: URL(filePath: "runs/mixture")).train()
/// try Run.open(URL(filePath: "runs/mixture")).resume()
/// ```
///
/// Documentation/architecture.md lists the types around it, in the order of a run's life.
public final class Run {
    /// Where everything is kept.
    public let folder: RunFolder
    /// What is left of a training beside its state. Changes last as long as this value: a run that
    /// is opened later has the outputs of its configuration.
    public var outputs: OutputConfiguration
    /// Who watches the training beside the run itself, in this order. Where the training goes back
    /// after a number that was not finite, they are told that it stopped and then that it began.
    public var observers: [any TrainingObserver] = []
    /// Told what a user should know while the training goes on: a sentence; nil where nobody
    /// listens.
    public var note: ((_ sentence: String) -> Void)?
    /// Asked after every step but the last: where it is true the state is saved and the training
    /// stops.
    public var shouldStop: () -> Bool = { false }
    /// What a user should know before the training begins or goes on: sentences.
    public internal(set) var notes: [String] = []

    /// The processes that train together; nil for this one alone.
    var processes: TrainingProcesses?
    /// The configured training; nil where a program describes it.
    package let training: PreparedTraining?
    private let lock: RunLock
    /// Whether steps may have been done and recorded already.
    var isResumed = false
    /// The time that earlier processes took for the steps done, in seconds.
    var earlierSeconds = 0.0
    private let stopwatch = ContinuousClock.now

    init(_ folder: RunFolder, _ lock: RunLock, _ training: PreparedTraining?) {
        (self.folder, self.lock, self.training) = (folder, lock, training)
        outputs = training?.configuration.outputs ?? OutputConfiguration()
    }

    /// The time that the training took, in seconds.
    var seconds: Double { earlierSeconds + (ContinuousClock.now - stopwatch).seconds }

    // MARK: Trainings of a preset or a file

    /// Begins the run of a training that a preset or a file describes.
    ///
    /// - Parameters:
    ///   - request: What is trained.
    ///   - url: A folder that is absent or empty; nil for `runs/<name>-<n>` with the smallest free
    ///     n.
    ///   - progress: Told how the data is opened.
    /// - Throws: An error of one sentence for settings, data or a folder that cannot be used,
    ///   before anything is written.
    public static func create(
        for request: TrainingRequest, at url: URL? = nil,
        progress: OpeningProgress = OpeningProgress()
    ) throws -> Run {
        try create(request.configuration(), for: request, at: url, progress: progress)
    }

    /// Begins the run of a training whose settings were read already.
    package static func create(
        _ configuration: TrainingConfiguration, for request: TrainingRequest, at url: URL? = nil,
        progress: OpeningProgress = OpeningProgress()
    ) throws -> Run {
        let training = try PreparedTraining(
            configuration, data: request.data,
            on: TrainingDevice.named(
                request.device, threads: request.threads, processes: request.processes),
            progress: progress)
        try AIDL21Files.prepare(prefix: configuration.outputs.aidl21?.prefix)
        try request.processes?.begin(training, data: request.data)
        // The folder comes last, so that a refusal leaves none behind.
        let folder = try RunFolder.create(at: url, orNamed: configuration.name)
        let run = Run(folder, try RunLock(of: folder), training)
        run.processes = request.processes
        run.notes =
            configuration.warnings
            + [configuration.note(onData: request.data)].compactMap { $0 }
        try run.write(training)
        return run
    }

    /// Opens the run of a training that a preset or a file described, ready to go on from its last
    /// checkpoint.
    ///
    /// - Parameters:
    ///   - url: The run's folder.
    ///   - changes: The settings that are changed from here on.
    ///   - threads: nil for as many as before, since the bits depend on their number.
    ///   - device: nil for the one of before, which gives the bits of no interruption.
    ///   - processes: Those that train together, as many as divide the run's shards; nil for this
    ///     one alone.
    ///   - progress: Told how the data is opened.
    /// - Returns: The run, with its training at the last checkpoint.
    /// - Throws: An error of one sentence where the run cannot go on like this, and
    ///   ``RunLockFailure`` where another value or process has it.
    public static func open(
        _ url: URL, changing changes: ConfigurationChanges = ConfigurationChanges(),
        threads: Int? = nil, device: String? = nil, processes: TrainingProcesses? = nil,
        progress: OpeningProgress = OpeningProgress()
    ) throws -> Run {
        try Resumption(
            of: url, changes, threads: threads, device: device, processes, progress: progress
        ).run
    }

    /// Trains to the end of the configured training.
    ///
    /// - Returns: What it came to.
    /// - Throws: ``TrainingStopped`` where ``shouldStop`` asked for it: the state is then saved;
    ///   ``UnsoundTraining`` where numbers are not finite, with a record of the failure left
    ///   behind; ``RunFailure/programmed(path:)`` where a program describes the training.
    @discardableResult
    public func train() throws -> RunSummary {
        guard let training else { throw RunFailure.programmed(path: folder.url.path) }
        defer { isResumed = true }
        return try RecordedTraining(self, training.trainer, to: training.steps).carryOut()
    }

    /// Goes on with a training that was begun before, to its end.
    ///
    /// - Returns: What it came to.
    /// - Throws: As ``train()``; ``RunFailure/unusable(_:)`` where nothing has begun yet.
    @discardableResult
    public func resume() throws -> RunSummary {
        guard isResumed else {
            throw RunFailure.unusable(
                "the run \(folder.url.relativePath) has not begun; train it first")
        }
        return try train()
    }

    /// Writes what a training that goes on has to know. The configuration comes last: it makes the
    /// folder a run.
    private func write(_ training: PreparedTraining) throws {
        let session = RecordedTraining(self, training.trainer, to: training.steps).session
        var record = RunRecord(begun: session.environment.started)
        record.data = training.fingerprint.map(RunData.init)
        record.add(session)
        try record.write(training.fingerprint, in: folder)
        try folder.write(
            Data(training.configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
    }

    // MARK: Trainings of a program

    /// Goes on with the run of a program in a folder, or begins it where the folder is absent or
    /// empty.
    ///
    /// - Parameter url: The run's folder.
    /// - Throws: ``RunFailure`` where the folder holds something else; ``RunLockFailure`` where
    ///   another value or process has it; `FileFailure` where it cannot be written to.
    public convenience init(continuing url: URL) throws {
        try Folder.make(url.path)
        let folder = RunFolder(at: url)
        // Looked at before anything is written there, and again under the lock.
        _ = try Self.programmedRecord(of: folder)
        let lock = try RunLock(of: folder)
        let record = try Self.programmedRecord(of: folder)
        self.init(folder, lock, nil)
        isResumed = record != nil
        if let note = lock.note { notes.append(note) }
    }

    /// The record of a program's run; nil for a folder in which none has begun.
    private static func programmedRecord(of folder: RunFolder) throws -> RunRecord? {
        if let record = try RunRecord.of(folder) {
            guard record.isProgrammed == true else {
                throw RunFailure.configured(path: folder.url.path)
            }
            return record
        }
        guard try RunFolder.isVacant(folder.url) else {
            throw RunFailure.notEmpty(path: folder.url.path)
        }
        return nil
    }

    /// Whose training is recorded; nil before the first step of this process.
    private weak var trainer: Trainer?

    /// Restores the last checkpoint, or begins the record.
    func begin(_ trainer: Trainer, to end: Int) throws {
        if let known = self.trainer {
            guard known === trainer else {
                throw RunFailure.unusable(
                    "the run \(folder.url.relativePath) records another trainer; make a run for "
                        + "each")
            }
            isResumed = true
            return
        }
        var record = try RunRecord.of(folder) ?? RunRecord(begun: Date().ISO8601Format())
        record.isProgrammed = true
        let recorded = RecordedTraining(self, trainer, to: end)
        for text in notes { note?(text) }
        if isResumed { try restore(recorded, record) }
        record.add(recorded.session)
        try record.write(in: folder)
        self.trainer = trainer
    }

    private func restore(_ recorded: RecordedTraining, _ record: RunRecord) throws {
        let (file, damages) = try CheckpointStore(in: folder).latest()
        let environment = record.sessions.last?.environment
        let threads = recorded.threads
        var texts = damages + RunEnvironment.notes(resuming: folder)
        texts += Self.changes(
            threads: environment?.threads, now: threads, device: environment?.device,
            now: recorded.trainer.device)
        guard let file else {
            guard !record.hasCheckpoint else {
                throw RunFailure.unusable(
                    "\(folder.url.relativePath) has no sound checkpoint left; restore its folder "
                        + "checkpoints, or train anew into another folder")
            }
            isResumed = false
            return
        }
        guard file.step <= recorded.steps else {
            throw RunFailure.unusable(
                "the training has done \(counted(file.step, "step")) already, more than "
                    + "\(recorded.steps); give \(file.step) or more")
        }
        let anew = try recorded.trainer.restore(try file.state())
        try file.checkData(of: recorded.trainer)
        if let text = file.note(onBeginningAnew: anew) { texts.append(text) }
        earlierSeconds = file.seconds ?? 0
        for text in texts { note?(text) }
    }

    /// What is said where other threads, or another device, do the work than before.
    static func changes(
        threads: Int?, now: Int, device: String?, now nowOn: any Device
    ) -> [String] {
        let end = ": the bits will differ from those of a training without an interruption"
        if let device = device ?? threads.map({ _ in TrainingDevice.processor }),
            device != nowOn.choice
        {
            return ["before, the device \(device) did the work, now \(nowOn.choice)\(end)"]
        }
        guard let threads, threads != now else { return [] }
        return ["before, \(counted(threads, "thread")) did the work, now \(now)\(end)"]
    }
}

extension Trainer {
    /// Goes on to step number `end`, and records everything in a run: a program that was killed
    /// goes on from its last checkpoint when it calls this again.
    ///
    /// - Parameters:
    ///   - end: Steps of the whole training, at least those that the run has done.
    ///   - run: What ``Run/init(continuing:)`` has given; no other trainer is recorded in it.
    /// - Returns: What the training came to.
    /// - Throws: As ``Run/train()``; `TrainingError` where the checkpoint is of other networks.
    @discardableResult
    public func train(to end: Int, recording run: Run) throws -> RunSummary {
        guard run.training == nil else {
            throw RunFailure.configured(path: run.folder.url.path)
        }
        try run.begin(self, to: end)
        return try RecordedTraining(run, self, to: end).carryOut()
    }
}

/// A training that has stopped since it was asked to, with its state saved.
public struct TrainingStopped: Error, CustomStringConvertible {
    /// Steps done.
    public let step: Int
    /// The run that can go on.
    public let folder: RunFolder

    /// At which step of which run the training stopped.
    public var description: String {
        "stopped and saved at step \(step) of \(folder.url.relativePath)"
    }
}
