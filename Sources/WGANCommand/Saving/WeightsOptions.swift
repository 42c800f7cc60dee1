import ArgumentParser
import Foundation
import Runs
import StrictYAML
import TensorGraph
import WGAN

/// The arguments that decide which of a run's weights are used.
struct WeightsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "newest, final, best, the step of a checkpoint, or a .safetensors file.",
            discussion: """
                By default newest: the weights that the run ended with or, where it has not ended \
                or was trained on since, those of its newest checkpoint. best is the checkpoint \
                that outputs.checkpoints.best keeps.
                """,
            valueName: "choice|step|file"))
    var weights: String?

    @Flag(help: "Use the generator's weights themselves where the run has averages of them.")
    var raw = false

    /// Which weights were asked for.
    var choice: WeightsChoice { weights.map(WeightsChoice.init) ?? .newest }

    /// Opens a run with the weights that were asked for, in its configuration or a changed one.
    ///
    /// - Throws: An error of one sentence where the folder's configuration cannot be used or the
    ///   weights do not fit it.
    func generator(
        of run: RunFolder, _ configuration: TrainingConfiguration? = nil, on device: any Device
    ) throws -> LoadedGenerator {
        let configuration = try configuration ?? TrainingConfiguration(of: run)
        let sampler = try Sampler(configuration.setup, averaged: !raw, on: device)
        let weights = try SavedWeights(choice, of: run)
        try weights.load(sampler.parameters, to: device)
        var notes = weights.notes
        if raw, configuration.setup.averaging == nil {
            notes.append(
                "--raw has no effect, as \(run.url.relativePath) has no averaged weights")
        }
        return LoadedGenerator(
            configuration: configuration, sampler: sampler,
            stamp: try weights.stamp(for: configuration.setup), notes: notes)
    }
}

/// A run's generator with the weights that were chosen; its device has the critic's too.
struct LoadedGenerator {
    let configuration: TrainingConfiguration
    let sampler: Sampler
    /// What tells the weights from others.
    let stamp: WeightsStamp
    /// What the user should know.
    let notes: [String]
}
