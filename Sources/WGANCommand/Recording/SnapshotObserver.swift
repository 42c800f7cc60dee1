import Figures
import Runs
import WGAN

/// Draws the data before training, then real against generated points: vector snapshots on the way,
/// and the end.
struct SnapshotObserver: TrainingObserver {
    private static let generatedCount = 1000

    private let steps: Set<Int>
    private let view: PointView
    private let run: RunFolder

    /// Snapshots after these numbers of steps.
    init(at steps: [Int], _ view: PointView, in run: RunFolder) {
        (self.steps, self.view, self.run) = (Set(steps), view, run)
    }

    func began(_ trainer: Trainer) throws {
        try run.write(figure: view.background("real samples"), at: "figures/data")
        try stepped(trainer)
    }

    func stepped(_ trainer: Trainer) throws {
        guard steps.contains(trainer.step) else { return }
        let name = "figures/step-" + padded(trainer.step)
        try run.write(try figure(trainer).pdfData(), at: name + ".pdf")
    }

    func ended(_ trainer: Trainer) throws {
        try run.write(figure: try figure(trainer), at: "figures/samples")
    }

    private func figure(_ trainer: Trainer) throws -> Scatter {
        view.scatter(
            try trainer.sample(Self.generatedCount, seed: trainer.setup.seed), step: trainer.step)
    }
}

/// A step number with leading zeros, so that files sort by it.
func padded(_ step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}
