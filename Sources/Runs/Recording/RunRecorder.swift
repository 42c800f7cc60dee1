import Datasets
import Figures
import Foundation
import MessagePassing
import TensorGraph
import WGAN

/// The loop of a recorded training: trains step by step and tells the observers, which write what
/// the run leaves.
final class RunRecorder {
    private let run: RecordedTraining
    private var journal: RunJournal
    private var observers: [any TrainingObserver]
    private var checkpoints: CheckpointObserver

    private var trainer: Trainer { run.trainer }

    /// Makes the observers that the run's outputs ask for.
    ///
    /// Where the run goes on, the journal drops what was recorded after the trainer's present step,
    /// and each observer goes on with its files when it is told that the training begins.
    ///
    /// - Throws: What opening the run's records throws.
    init(_ run: RecordedTraining) throws {
        self.run = run
        (journal, observers) = try Self.observers(of: run, isResumed: run.isResumed)
        checkpoints = try CheckpointObserver(of: run, settling: observers, journal)
        if let remark = journal.remark { run.run.note?(remark) }
    }

    private static func observers(
        of run: RecordedTraining, isResumed: Bool
    ) throws -> (RunJournal, [any TrainingObserver]) {
        let outputs = run.outputs
        let journal = try RunJournal(
            in: run.folder, hasEvents: outputs.events != nil,
            resumingAfter: isResumed ? run.trainer.step : nil)
        // The weights come first: no figure that cannot be drawn may cost a training.
        var observers: [any TrainingObserver] = [
            WeightsObserver(outputs.weights, in: run.folder)
        ]
        observers += run.run.observers
        observers.append(
            try MetricsObserver(
                every: outputs.metricsEvery, last: run.steps, of: run.trainer.setup,
                in: run.folder, journal))
        if let audit = outputs.audit {
            observers.append(
                try AuditObserver(
                    audit, last: run.steps, of: run.trainer.setup.objective, journal))
        }
        if let interval = outputs.events?.histogramsEvery {
            observers.append(WeightHistogramObserver(interval: interval, journal: journal))
        }
        return (journal, observers + painters(of: run, journal))
    }

    /// The observers that draw samples: points of the plane, or images.
    private static func painters(
        of run: RecordedTraining, _ journal: RunJournal
    ) -> [any TrainingObserver] {
        let (outputs, note) = (run.outputs, { (text: String) in _ = run.run.note?(text) })
        var painters: [any TrainingObserver] = []
        if let distribution = run.distribution, distribution.dimensions == 2 {
            let view = PointView(
                distribution, seed: run.trainer.setup.seed, name: run.name,
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
            if let settings = outputs.aidl21 {
                painters.append(AIDL21OutputObserver(settings, in: run.folder, journal))
            }
            if let panels = outputs.panels {
                painters.append(PanelObserver(panels, in: run.folder, journal, note))
            }
        }
        return painters
    }

    /// Trains to the end; the observers see the beginning, every step and the end.
    ///
    /// - Throws: ``TrainingStopped`` where that was asked for: the state is then saved;
    ///   ``UnsoundTraining`` where numbers are not finite, with a record of the failure left
    ///   behind.
    func train() throws {
        do {
            try begin()
            try trainAll()
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
                try trainer.train(to: run.steps, needingState: needsState) { _ in
                    try stepped()
                }
            } catch TrainingError.nonFinite(let step, let quantity) {
                try goBack(from: step, quantity)
            }
        }
    }

    private func begin() throws {
        for observer in observers { try observer.began(trainer) }
        try checkpoints.began(trainer)
    }

    private func needsState(atStep step: Int) -> Bool {
        checkpoints.needsState(of: trainer, atStep: step)
            || observers.contains { $0.needsState(of: trainer, atStep: step) }
    }

    private func stepped() throws {
        for observer in observers { try observer.stepped(trainer) }
        guard trainer.hasStateOfStep else { return }
        try checkpoints.stepped(trainer)
        guard trainer.step < run.steps else { return }
        let processes = run.run.processes
        let stops = run.run.shouldStop() || processes?.group.isStopRequested == true
        try processes?.tell(goesOn: !stops)
        guard stops else { return }
        try checkpoints.write(trainer)
        throw TrainingStopped(step: trainer.step, folder: run.folder)
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
            try run.run.processes?.giveUp()
            throw UnsoundTraining(
                cause: .nonFinite(step: step, quantity: quantity), checkpoint: last?.step,
                run: run.folder)
        }
        _ = try trainer.restore(last?.state() ?? trainer.initialState)
        trainer.reductions = reductions
        try run.run.processes?.tell(of: trainer)
        for observer in observers { observer.stopped(trainer) }
        try journal.close()
        (journal, observers) = try Self.observers(of: run, isResumed: true)
        checkpoints = try CheckpointObserver(of: run, settling: observers, journal)
        try begin()
        run.run.note?(
            "\(quantity) is not a finite number at step \(step); the training goes on from step "
                + "\(trainer.step) with lower learning rates, attempt \(reductions) of "
                + "\(attempts)")
    }

    /// What is probably wrong with the training that has ended: a critic that is stuck.
    func warnings() throws -> [String] {
        let name = StepLosses.estimateName
        let curve = try MetricHistory(in: run.folder).curves(of: [name])[name]
        guard let estimate = curve?.lastQuarterMean else { return [] }
        return [try trainer.stuckVerdict(estimateForLong: estimate)].compactMap { $0 }
    }

    /// For points of the plane, the exact distance beside the critic's estimate.
    func exactCheck() throws -> ExactCheck? {
        try run.distribution.map { try ExactCheck(trainer, $0) }
    }
}
