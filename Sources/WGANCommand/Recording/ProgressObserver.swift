import Foundation
import Runs
import WGAN

/// Shows how far the training is.
final class ProgressObserver: TrainingObserver {
    private let bar: ProgressBar
    private var nextUpdate = ContinuousClock.now

    init(_ run: TrainingRun, isQuiet: Bool) {
        bar = ProgressBar(total: run.steps, from: run.trainer.step, isQuiet: isQuiet)
    }

    func stepped(_ trainer: Trainer) {
        // Texts are made at most 20 times a second: small networks take thousands of steps in one.
        let now = ContinuousClock.now
        guard now >= nextUpdate else { return }
        nextUpdate = now + .milliseconds(50)
        update(trainer)
    }

    func ended(_ trainer: Trainer) {
        update(trainer)
        bar.finish()
    }

    func stopped(_ trainer: Trainer) { bar.finish() }

    private func update(_ trainer: Trainer) {
        let report = trainer.report
        let fields = [
            (
                trainer.setup.objective.estimatesWasserstein ? "W" : "real − generated",
                report.scoreDifference
            ), ("critic", report.criticLoss),
            ("generator", report.generatorLoss),
        ]
        bar.update(
            iteration: trainer.step,
            fields: fields.filter { $0.1.isFinite }.map {
                "\($0.0) \(String(format: "%.4g", $0.1))"
            })
    }
}
