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
        if !isQuiet, let remark = journal.remark { note(remark) }
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
                every: outputs.metricsEvery, last: run.steps, of: run.configuration.setup,
                in: run.folder, journal),
        ]
        if let audit = outputs.audit {
            observers.append(
                try AuditObserver(
                    audit, last: run.steps, of: run.trainer.setup.objective, journal))
        }
        if let interval = outputs.events?.histogramsEvery {
            observers.append(WeightHistogramObserver(interval: interval, journal: journal))
        }
        return (journal, observers + painters(of: run, journal) { if !isQuiet { note($0) } })
    }

    /// Those that draw samples: points of the plane, or images.
    private static func painters(
        of run: TrainingRun, _ journal: RunJournal, note: @escaping (String) -> Void
    ) -> [any TrainingObserver] {
        let outputs = run.configuration.outputs
        var painters: [any TrainingObserver] = []
        if let distribution = run.configuration.data.distribution, distribution.dimensions == 2 {
            let view = PointView(
                distribution, seed: run.trainer.setup.seed, name: run.configuration.name,
                realCount: outputs.frames?.real ?? 1000)
            if let frames = outputs.frames {
                painters.append(AnimationObserver(frames, view, in: run.folder, note: note))
            }
            let steps = outputs.snapshotSteps(inTrainingOf: run.steps)
            painters.append(SnapshotObserver(at: steps, view, in: run.folder, journal))
            if let panels = outputs.panels {
                painters.append(PanelObserver(panels, view, in: run.folder, journal, note))
            }
        } else if run.trainer.sampleShape.rank == 3 {
            painters.append(ImageGridObserver(outputs.samples, in: run.folder, journal))
            if let report = outputs.report {
                painters.append(ReportObserver(report, in: run.folder))
            }
            if let panels = outputs.panels {
                painters.append(PanelObserver(panels, in: run.folder, journal, note))
            }
        }
        return painters
    }

    /// Trains to the end; the observers see the beginning, every step and the end.
    ///
    /// - Throws: ``Interruption`` where a signal asked for an end: the state is then saved;
    ///   ``UnsoundTraining`` where numbers are not finite, with a record of the failure left
    ///   behind.
    func train() throws {
        do {
            try begin()
            try InterruptionSignals.shared.hold { try trainAll() }
            try stopIfAsked()
            InterruptionSignals.shared.farewell = { [run = run.folder, step = trainer.step] in
                Interruption(signal: $0, step: step, run: run)
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

    private func trainAll() throws {
        while trainer.step < run.steps {
            do {
                try trainer.train(to: run.steps) { _ in try stepped() }
            } catch TrainingError.nonFinite(let step, let quantity) {
                try goBack(from: step, quantity)
            }
        }
    }

    private func begin() throws {
        for observer in observers { try observer.began(trainer) }
        try checkpoints.began(trainer)
    }

    private func stepped() throws {
        for observer in observers { try observer.stepped(trainer) }
        try checkpoints.stepped(trainer)
        // The last step has been saved already.
        if InterruptionSignals.shared.received != nil, trainer.step < run.steps {
            try checkpoints.write(trainer)
        }
        try stopIfAsked()
    }

    private func stopIfAsked() throws {
        guard let signal = InterruptionSignals.shared.received else { return }
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

    /// What is probably wrong with the training that has ended: a critic that is stuck.
    func warnings() throws -> [String] {
        let name = StepReport.estimateName
        let curve = try MetricHistory(in: run.folder).curves(of: [name])[name]
        guard let estimate = curve?.lastQuarterMean else { return [] }
        return [try trainer.stuckVerdict(estimateForLong: estimate)].compactMap { $0 }
    }

    /// For points of the plane, the exact distance beside the critic's estimate.
    func exactCheck() throws -> ExactCheck? {
        try run.configuration.data.distribution.map { try ExactCheck(trainer, $0) }
    }
}
