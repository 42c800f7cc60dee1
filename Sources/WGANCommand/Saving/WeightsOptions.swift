import ArgumentParser
import Foundation
import Runs
import TensorGraph
import WGAN

/// The arguments that decide which of a run's weights are used.
struct WeightsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The step of a checkpoint, or a .safetensors file; by default the run's last weights.",
            valueName: "step|file"))
    var weights: String?

    @Flag(help: "Use the generator's weights themselves where the run has averages of them.")
    var raw = false

    /// A sampler with the weights that were asked for.
    ///
    /// - Throws: An error of one sentence where the folder's configuration cannot be used or the
    ///   weights do not fit it.
    func sampler(
        of run: RunFolder, on device: any Device
    ) throws -> (TrainingConfiguration, Sampler) {
        let configuration = try TrainingConfiguration(of: run)
        if raw, configuration.setup.averaging == nil {
            throw CommandFailure(
                "--raw has no effect, as \(run.url.relativePath) has no averaged weights; remove it"
            )
        }
        let sampler = try Sampler(configuration.setup, averaged: !raw, on: device)
        try Weights.load(sampler.parameters, from: run, at: place, to: device)
        return (configuration, sampler)
    }

    /// Where the weights are.
    var place: Weights.Place {
        guard let weights else { return .end }
        return Int(weights).map { .step($0) } ?? .file(URL(fileURLWithPath: weights))
    }
}

extension TrainingConfiguration {
    /// The configuration of a run.
    init(of run: RunFolder) throws {
        let path = try run.url(of: RunFolder.configurationPath).path
        try self.init(TrainingConfiguration.document(presetOrFile: path))
    }
}
