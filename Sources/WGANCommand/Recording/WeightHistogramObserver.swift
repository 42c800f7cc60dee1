import NeuralNetworks
import WGAN

/// Shows TensorBoard how the weights of both networks are distributed, every so many steps.
struct WeightHistogramObserver: TrainingObserver {
    let interval: Int
    let journal: RunJournal

    func began(_ trainer: Trainer) throws {
        if trainer.step == 0 { try note(trainer) }
    }

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
