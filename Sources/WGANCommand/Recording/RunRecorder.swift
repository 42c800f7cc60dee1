import Datasets
import Figures
import Foundation
import Runs
import TensorGraph
import WGAN

/// Trains and lets observers write what the run is to leave.
struct RunRecorder {
    private let trainer: Trainer
    private let steps: Int
    private let distribution: (any PointDistribution)?
    private let observers: [any TrainingObserver]

    /// The observers that a configuration asks for.
    init(
        _ configuration: TrainingConfiguration, trainer: Trainer, steps: Int, in run: RunFolder,
        isQuiet: Bool
    ) throws {
        self.trainer = trainer
        self.steps = steps
        distribution = configuration.data.distribution
        let outputs = configuration.outputs
        var observers: [any TrainingObserver] = [
            ProgressObserver(steps: steps, isQuiet: isQuiet),
            try MetricsObserver(every: outputs.metricsEvery, last: steps, in: run),
        ]
        if let audit = outputs.audit {
            observers.append(try AuditObserver(audit, last: steps, in: run))
        }
        if let distribution, distribution.dimensions == 2 {
            let view = PointView(
                distribution, seed: trainer.setup.seed, name: configuration.name,
                realCount: outputs.frames?.real ?? 1000)
            if let frames = outputs.frames {
                observers.append(try AnimationObserver(frames, view, in: run))
            }
            observers.append(
                SnapshotObserver(at: outputs.snapshotSteps(inTrainingOf: steps), view, in: run))
        } else if trainer.sampleShape.rank == 3 {
            observers.append(ImageGridObserver(outputs.samples, in: run))
        }
        // The weights come first: no figure that cannot be drawn may cost a training.
        self.observers = [WeightsObserver(in: run)] + observers
    }

    /// Trains to the end; the observers see the beginning, every step and the end.
    func train() throws {
        for observer in observers { try observer.began(trainer) }
        try trainer.train(to: steps) { trainer in
            for observer in observers { try observer.stepped(trainer) }
        }
        for observer in observers { try observer.ended(trainer) }
    }

    /// For points of the plane, the exact distance beside the critic's estimate.
    func exactCheck() throws -> ExactCheck? {
        try distribution.map { try ExactCheck(trainer, $0) }
    }
}

/// Someone who watches a training.
protocol TrainingObserver {
    /// Called once before the first step.
    func began(_ trainer: Trainer) throws
    /// Called after every step.
    func stepped(_ trainer: Trainer) throws
    /// Called once after the last step.
    func ended(_ trainer: Trainer) throws
}

extension TrainingObserver {
    func began(_ trainer: Trainer) throws {}
    func stepped(_ trainer: Trainer) throws {}
    func ended(_ trainer: Trainer) throws {}
}
