import Foundation
import Runs
import WGAN

/// Shows how far the training is.
final class ProgressObserver: TrainingObserver {
    private let total: Int
    private var bar: ProgressBar?
    private var nextUpdate = ContinuousClock.now

    /// - Parameter total: Steps of the whole training.
    init(total: Int) { self.total = total }

    func began(_ trainer: Trainer) { bar = ProgressBar(total: total, from: trainer.step) }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { false }

    func stepped(_ trainer: Trainer) {
        // Texts are made at most 20 times a second: small networks take thousands of steps in one.
        let now = ContinuousClock.now
        guard now >= nextUpdate else { return }
        nextUpdate = now + .milliseconds(50)
        update(trainer)
    }

    func ended(_ trainer: Trainer) {
        update(trainer)
        bar?.finish()
    }

    func stopped(_ trainer: Trainer) { bar?.finish() }

    private func update(_ trainer: Trainer) {
        let losses = trainer.losses
        let fields = [
            (
                trainer.setup.objective.estimatesWasserstein ? "W" : "real − generated",
                losses.scoreDifference
            ), ("critic", losses.criticLoss),
            ("generator", losses.generatorLoss),
        ]
        bar?.update(
            iteration: trainer.step,
            fields: fields.filter { $0.1.isFinite }.map {
                "\($0.0) \(String(format: "%.4g", $0.1))"
            })
    }
}
