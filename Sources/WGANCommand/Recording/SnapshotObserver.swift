import Figures
import Runs
import WGAN

/// Draws the data before training, then real against generated points: snapshots on the way, as
/// vectors and as pixels, and the end.
struct SnapshotObserver: TrainingObserver {
    private static let generatedCount = 1000

    private let steps: Set<Int>
    private let view: PointView
    private let run: RunFolder
    private let journal: RunJournal

    /// Snapshots after these numbers of steps.
    init(at steps: [Int], _ view: PointView, in run: RunFolder, _ journal: RunJournal) {
        (self.steps, self.view, self.run, self.journal) = (Set(steps), view, run, journal)
    }

    func began(_ trainer: Trainer) throws {
        try run.removePictures(in: "figures", after: trainer.step)
        try run.removePictures(in: "samples", after: trainer.step)
        try run.write(figure: view.background("real samples"), at: "figures/data")
        try stepped(trainer)
    }

    func stepped(_ trainer: Trainer) throws {
        guard steps.contains(trainer.step) else { return }
        let figure = try figure(trainer)
        try run.write(try figure.pdfData(), at: "figures/step-\(padded(trainer.step)).pdf")
        try journal.keep(samples: try figure.pngData(scale: 1), step: trainer.step)
    }

    func ended(_ trainer: Trainer) throws {
        try run.write(figure: try figure(trainer), at: "figures/samples")
    }

    private func figure(_ trainer: Trainer) throws -> Scatter {
        view.scatter(
            try trainer.sample(Self.generatedCount, seed: trainer.setup.seed), step: trainer.step)
    }
}
