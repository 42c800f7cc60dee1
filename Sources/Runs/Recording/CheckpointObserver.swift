import Foundation
import WGAN

/// Saves the training's state every so many steps or minutes, and after the last step.
final class CheckpointObserver: TrainingObserver {
    private let run: RecordedTraining
    private let store: CheckpointStore
    private let observers: [any TrainingObserver]
    private let journal: RunJournal
    private let measurement: BestMeasurement?
    private let now: () -> Duration
    private var lastTime: Duration
    /// Whether the run's record says that there are checkpoints.
    private var isNoted = false

    private var settings: OutputConfiguration.Checkpoints { run.outputs.checkpoints }

    /// - Parameters:
    ///   - observers: Those that have to settle before a checkpoint is written.
    ///   - journal: What has to be durable then.
    ///   - now: The time since any fixed moment.
    init(
        of run: RecordedTraining, settling observers: [any TrainingObserver], _ journal: RunJournal,
        now: @escaping () -> Duration = { [start = ContinuousClock.now] in .now - start }
    ) throws {
        (self.run, self.observers, self.journal, self.now) = (run, observers, journal, now)
        store = try run.checkpoints()
        measurement = try run.outputs.checkpoints.best.map {
            try BestMeasurement($0, of: run)
        }
        lastTime = now()
    }

    func began(_ trainer: Trainer) throws {
        try store.removeAll(after: trainer.step)
        lastTime = now()
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool {
        settings.every.map { step % $0 == 0 } ?? false
    }

    func stepped(_ trainer: Trainer) throws {
        guard isDue(trainer.step) else { return }
        try write(trainer)
    }

    private func isDue(_ step: Int) -> Bool {
        if step == run.steps { return true }
        if let every = settings.every, step % every == 0 { return true }
        guard let minutes = settings.minutes else { return false }
        let waited = now() - lastTime
        // Not a clock of ours, but one that ran backwards would stop all checkpoints.
        if waited < .zero { lastTime = now() }
        return waited >= .seconds(60 * minutes)
    }

    /// Saves the state as it is now.
    ///
    /// - Throws: `TrainingError/nonFinite(step:quantity:)` for a state from which no training
    ///   should go on; the earlier checkpoints stay.
    func write(_ trainer: Trainer) throws {
        for observer in observers { try observer.settle(trainer) }
        try journal.flush()
        try store.write(try run.checkpoint(metrics: try metrics(trainer)))
        if !isNoted {
            try RunRecord.noteCheckpoint(in: run.folder)
            isNoted = true
        }
        lastTime = now()
    }

    /// The newest sound checkpoint; nil where there is none.
    func last() throws -> CheckpointFile? { try store.latest().checkpoint }

    /// The measure by which the best checkpoint is chosen, where there is one.
    private func metrics(_ trainer: Trainer) throws -> [String: Double] {
        guard let measurement else { return [:] }
        let value = try measurement.value(trainer)
        return value.isFinite ? [measurement.name: value] : [:]
    }
}
