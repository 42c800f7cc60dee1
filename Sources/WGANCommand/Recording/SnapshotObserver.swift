import Figures
import Runs
import WGAN

/// Draws real against generated points: vector snapshots at evenly spaced steps, and the end.
struct SnapshotObserver: TrainingObserver {
    private static let generatedCount = 1000

    private let steps: Set<Int>
    private let view: PointView
    private let run: RunFolder

    /// `count` snapshots evenly spaced over `steps`, and one just before the end.
    init(_ count: Int, of steps: Int, _ view: PointView, in run: RunFolder) {
        let spaced = (0..<count).map { 1 + $0 * steps / max(count, 1) }
        self.steps = Set(count > 0 ? spaced + [max(steps - 1, 1)] : [])
        (self.view, self.run) = (view, run)
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
