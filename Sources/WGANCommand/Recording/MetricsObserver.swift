import Figures
import Runs
import WGAN

/// Notes the losses of steps, and draws the curves at the end.
struct MetricsObserver: TrainingObserver {
    private let interval: Int
    private let last: Int
    private let run: RunFolder
    private let journal: RunJournal
    private let names: [String]

    /// A note after every `interval` steps and after the last one.
    ///
    /// - Parameter setup: The training, which says what there is to note.
    init(
        every interval: Int, last: Int, of setup: TrainingSetup, in run: RunFolder,
        _ journal: RunJournal
    ) throws {
        (self.interval, self.last, self.run, self.journal) = (interval, last, run, journal)
        names = StepReport.recordedNames(of: setup)
        guard journal.resumedStep != last else { return }
        try journal.dropEnd(of: names, notedEvery: interval)
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % interval == 0 || trainer.step == last else { return }
        try journal.note(
            step: trainer.step, names, Array(trainer.report.values.prefix(names.count)))
    }

    func ended(_ trainer: Trainer) throws {
        for (name, figure) in try journal.history().charts() {
            try run.write(figure: figure, at: "figures/" + name)
        }
    }
}

extension RunFolder {
    /// Writes a figure as SVG and as PNG.
    func write(figure: any Figure, at path: String) throws {
        try write(figure.svgData, at: path + ".svg")
        try write(try figure.pngData(), at: path + ".png")
    }
}
