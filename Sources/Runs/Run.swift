import CPUExecutor
import Datasets
import Files
public import Foundation
import StrictYAML
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
public final class Run {
    /// Where everything is kept.
    public let folder: RunFolder
    /// What is left of a training beside its state.
    public var outputs: OutputConfiguration
    /// Who watches the training beside the run itself, in this order.
    public var observers: [any TrainingObserver] = []
    /// Told what a user should know while the training goes on: a sentence.
    public var note: (_ sentence: String) -> Void = { _ in }
    /// Asked after every step: where it is true the state is saved and the training stops.
    public var shouldStop: () -> Bool = { false }
    /// What a user should know before the training begins or goes on: sentences.
    public internal(set) var notes: [String] = []

    /// The configured training; nil where a program describes it.
    package let training: PreparedTraining?
    private let lock: RunLock
    /// Whether a process before this one, or this one before, has trained.
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
    ///   - url: A folder that is absent or empty; nil for `runs/<name>-<n>` with the smallest free
    ///     n.
    ///   - progress: Told how the data is opened.
    /// - Throws: An error of one sentence for settings, data or a folder that cannot be used, before
    ///   anything is written.
    public static func create(
        for request: TrainingRequest, at url: URL? = nil,
        progress: OpeningProgress = OpeningProgress()
    ) throws -> Run {
        let configuration = try request.configuration()
        let training = try PreparedTraining(
            configuration, data: request.data, on: CPUDevice(checking: request.threads),
            progress: progress)
        try AIDL21Files.prepare(prefix: configuration.outputs.aidl21?.prefix)
        // The folder comes last, so that a refusal leaves none behind.
        let folder = try RunFolder.create(at: url, orNamed: configuration.name)
        let run = Run(folder, try RunLock(of: folder), training)
        run.notes = [configuration.note(onData: request.data)].compactMap { $0 }
        return run
    }

    /// Opens the run of a training that a preset or a file described, ready to go on from its last
    /// checkpoint.
    ///
    /// - Parameters:
    ///   - url: The run's folder.
    ///   - changes: The settings that are changed from here on.
    ///   - threads: nil for as many as before, since the bits depend on their number.
    ///   - progress: Told how the data is opened.
    /// - Throws: An error of one sentence where the run cannot go on like this.
    public static func open(
        _ url: URL, changing changes: ConfigurationChanges = ConfigurationChanges(),
        threads: Int? = nil, progress: OpeningProgress = OpeningProgress()
    ) throws -> Run {
        try Resumption(of: url, changes, threads: threads, progress: progress).run
    }

    /// Trains to the end of the configured training.
    ///
    /// - Returns: What it came to.
    /// - Throws: ``TrainingStopped`` where ``shouldStop`` asked for it: the state is then saved;
    ///   ``UnsoundTraining`` where numbers are not finite, with a record of the failure left behind;
    ///   ``RunFailure/programmed(path:)`` where a program describes the training.
    @discardableResult
    public func train() throws -> RunSummary {
        guard let training else { throw RunFailure.programmed(path: folder.url.path) }
        if !isResumed { try write(training) }
        return try RecordedTraining(self, training.trainer, to: training.steps).carryOut()
    }

    /// Goes on with the training to its end.
    ///
    /// - Throws: As ``train()``.
    @discardableResult
    public func resume() throws -> RunSummary { try train() }

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
    /// - Throws: ``RunFailure`` where the folder holds something else; `FileFailure` where it cannot
    ///   be written to.
    public convenience init(continuing url: URL) throws {
        let isNew = try !Folder.isFolder(url.path) || Folder.isEmpty(url.path)
        let folder = try isNew ? RunFolder.create(at: url) : RunFolder(opening: url)
        let lock = try RunLock(of: folder)
        let record = try RunRecord.of(folder)
        guard isNew || record?.isProgrammed == true else {
            throw RunFailure.configured(path: url.path)
        }
        self.init(folder, lock, nil)
        isResumed = !isNew
    }

    /// Whether this process has taken up what the folder has.
    private var hasBegun = false

    /// Restores the last checkpoint, or begins the record.
    func begin(_ trainer: Trainer, to end: Int) throws {
        guard !hasBegun else {
            isResumed = true
            return
        }
        var record = try RunRecord.of(folder) ?? RunRecord(begun: Date().ISO8601Format())
        if isResumed {
            let (file, damages) = try CheckpointStore(in: folder).latest()
            notes += damages
            if let file {
                _ = try trainer.restore(try file.state())
                try file.checkData(of: trainer)
                earlierSeconds = file.seconds ?? 0
            } else if record.hasCheckpoint {
                throw RunFailure.unusable(
                    "\(folder.url.relativePath) has no sound checkpoint left; restore its folder "
                        + "checkpoints, or train anew into another folder")
            } else {
                isResumed = false
            }
        }
        record.isProgrammed = true
        record.add(RecordedTraining(self, trainer, to: end).session)
        try record.write(in: folder)
        hasBegun = true
    }
}

extension Trainer {
    /// Goes on to step number `end`, and records everything in a run: a program that was killed goes
    /// on from its last checkpoint when it calls this again.
    ///
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

    public var description: String {
        "stopped and saved at step \(step) of \(folder.url.relativePath)"
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
