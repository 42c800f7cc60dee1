import NeuralNetworks
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
        names = StepLosses.recordedNames(of: setup)
        guard journal.resumedStep != last else { return }
        try journal.dropEnd(of: names, notedEvery: interval)
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { false }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % interval == 0 || trainer.step == last else { return }
        try journal.note(
            step: trainer.step, names, Array(trainer.losses.values.prefix(names.count)))
    }

    func ended(_ trainer: Trainer) throws {
        for (name, figure) in try journal.history().curves().charts() {
            try run.write(figure: figure, at: "figures/" + name)
        }
    }
}

/// Shows TensorBoard how the weights of both networks are distributed, every so many steps.
struct WeightHistogramObserver: TrainingObserver {
    let interval: Int
    let journal: RunJournal

    func began(_ trainer: Trainer) throws {
        if trainer.step == 0 { try note(trainer) }
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { step % interval == 0 }

    func stepped(_ trainer: Trainer) throws {
        if trainer.step % interval == 0 { try note(trainer) }
    }

    private func note(_ trainer: Trainer) throws {
        for network in ["generator", "critic"] {
            for parameter in trainer.parameters.trainable(in: network) {
                // TensorBoard groups by what is before a slash.
                let name = network + "/" + parameter.name.dropFirst(network.count + 1)
                try journal.histogram(
                    step: trainer.step, name, of: trainer.value(of: parameter))
            }
        }
    }
}
