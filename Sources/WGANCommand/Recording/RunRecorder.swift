import Datasets
import Figures
import Foundation
import Runs
import TensorGraph
import WGAN

/// Trains and lets observers write what the run is to leave.
final class RunRecorder {
    private let run: TrainingRun
    private let isQuiet: Bool
    private var journal: RunJournal
    private var observers: [any TrainingObserver]
    private var checkpoints: CheckpointObserver

    private var trainer: Trainer { run.trainer }

    /// The observers that the run's configuration asks for; where the run goes on, those that take
    /// up what the ones before them have left.
    init(_ run: TrainingRun, isQuiet: Bool) throws {
        (self.run, self.isQuiet) = (run, isQuiet)
        (journal, observers) = try Self.observers(of: run, isResumed: run.isResumed, isQuiet)
        checkpoints = try CheckpointObserver(of: run, settling: observers, journal)
    }

    private static func observers(
        of run: TrainingRun, isResumed: Bool, _ isQuiet: Bool
    ) throws -> (RunJournal, [any TrainingObserver]) {
        let outputs = run.configuration.outputs
        let journal = try RunJournal(
            in: run.folder, hasEvents: outputs.events != nil,
            resumingAfter: isResumed ? run.trainer.step : nil)
        // The weights come first: no figure that cannot be drawn may cost a training.
        var observers: [any TrainingObserver] = [
            WeightsObserver(outputs.weights, in: run.folder),
            ProgressObserver(run, isQuiet: isQuiet),
            try MetricsObserver(
                every: outputs.metricsEvery, last: run.steps, in: run.folder, journal),
        ]
        if let audit = outputs.audit {
            observers.append(try AuditObserver(audit, last: run.steps, journal))
        }
        if let interval = outputs.events?.histogramsEvery {
            observers.append(WeightHistogramObserver(interval: interval, journal: journal))
        }
        return (journal, observers + (try painters(of: run, journal)))
    }

    /// Those that draw samples: points of the plane, or images.
    private static func painters(
        of run: TrainingRun, _ journal: RunJournal
    ) throws -> [any TrainingObserver] {
        let outputs = run.configuration.outputs
        var painters: [any TrainingObserver] = []
        if let distribution = run.configuration.data.distribution, distribution.dimensions == 2 {
            let view = PointView(
                distribution, seed: run.trainer.setup.seed, name: run.configuration.name,
                realCount: outputs.frames?.real ?? 1000)
            if let frames = outputs.frames {
                painters.append(try AnimationObserver(frames, view, in: run.folder))
            }
            let steps = outputs.snapshotSteps(inTrainingOf: run.steps)
            painters.append(SnapshotObserver(at: steps, view, in: run.folder, journal))
            if let panels = outputs.panels {
                painters.append(PanelObserver(panels, view, in: run.folder, journal))
            }
        } else if run.trainer.sampleShape.rank == 3 {
            painters.append(ImageGridObserver(outputs.samples, in: run.folder, journal))
            if let report = outputs.report {
                painters.append(ReportObserver(report, in: run.folder))
            }
            if let panels = outputs.panels {
                painters.append(PanelObserver(panels, in: run.folder, journal))
            }
        }
        return painters
    }

    /// Trains to the end; the observers see the beginning, every step and the end.
    ///
    /// - Throws: ``Interruption`` where a signal asked for an end: the state is then saved;
    ///   ``UnsoundTraining`` where numbers are not finite, with a record of the failure left behind.
    func train() throws {
        let signals = InterruptionSignals()
        // While the figures are drawn, a signal is still to be taken.
        defer { withExtendedLifetime(signals) {} }
        do {
            try begin()
            while trainer.step < run.steps {
                do {
                    try trainer.train(to: run.steps) { _ in try stepped(signals) }
                } catch TrainingError.nonFinite(let step, let quantity) {
                    try goBack(from: step, quantity)
                }
            }
            for observer in observers { try observer.ended(trainer) }
        } catch {
            for observer in observers { observer.stopped(trainer) }
            // What was measured until then tells of the failure.
            try? journal.close()
            throw error
        }
        try journal.close()
    }

    private func begin() throws {
        for observer in observers { try observer.began(trainer) }
        try checkpoints.began(trainer)
    }

    private func stepped(_ signals: InterruptionSignals) throws {
        for observer in observers { try observer.stepped(trainer) }
        try checkpoints.stepped(trainer)
        guard let signal = signals.received, trainer.step < run.steps else { return }
        try checkpoints.write(trainer)
        throw Interruption(signal: signal, step: trainer.step, run: run.folder)
    }

    /// Records a failure and returns to the last sound state with lower learning rates, where the
    /// configuration says so and as often as it says.
    private func goBack(from step: Int, _ quantity: String) throws {
        let last = try checkpoints.last()
        try FailureRecord(trainer, step: step, quantity: quantity, checkpoint: last?.step)
            .write(trainer, in: run.folder)
        let reductions = trainer.reductions + 1
        let attempts = trainer.setup.onNonFinite.attempts
        guard reductions <= attempts else {
            throw UnsoundTraining(
                cause: .nonFinite(step: step, quantity: quantity), checkpoint: last?.step,
                run: run.folder)
        }
        _ = try trainer.restore(last?.state() ?? trainer.initialState)
        trainer.reductions = reductions
        for observer in observers { observer.stopped(trainer) }
        try journal.close()
        (journal, observers) = try Self.observers(of: run, isResumed: true, isQuiet)
        checkpoints = try CheckpointObserver(of: run, settling: observers, journal)
        try begin()
        guard !isQuiet else { return }
        note(
            "\(quantity) is not a finite number at step \(step); the training goes on from step "
                + "\(trainer.step) with lower learning rates, attempt \(reductions) of "
                + "\(attempts)")
    }

    /// For points of the plane, the exact distance beside the critic's estimate.
    func exactCheck() throws -> ExactCheck? {
        try run.configuration.data.distribution.map { try ExactCheck(trainer, $0) }
    }
}
