import ArgumentParser
import ArrayFiles
import Foundation
import NeuralNetworks
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

/// The numbers of a generator alone, from a file under our names or those of the AIDL21-SAGAN
/// project's generator.
struct GeneratorWeights {
    private let url: URL
    private let file: SafetensorsFile
    private let names: Set<String>

    /// Opens a safetensors file.
    init(at path: String) throws {
        url = URL(fileURLWithPath: path)
        guard !["pt", "pth", "pkl", "ckpt"].contains(url.pathExtension.lowercased()) else {
            throw CommandFailure(
                "\(path) is a pickle of PyTorch's, which could run any program when it is read; in "
                    + "PyTorch save its tensors by safetensors.torch.save_file and name that file")
        }
        file = try SafetensorsFile(contentsOf: url)
        names = Set(file.tensorNames)
    }

    /// Gives a device the numbers of the generator among `parameters`.
    func load(_ parameters: ParameterStore, to device: any Device) throws {
        for parameter in parameters.parameters(in: "generator") where parameter.role != .state {
            let name = try name(of: parameter)
            let (shape, values) = try file.tensor(named: name)
            guard shape == parameter.shape.dimensions else {
                throw CommandFailure(
                    "\(name) in \(url.relativePath) has shape \(shape), where image_size, "
                        + "latent_vector, gen_feature_maps and number_channels make it "
                        + "\(parameter.shape.dimensions); set them to those of its training")
            }
            try device.set(parameter.variable, to: values)
        }
    }

    private func name(of parameter: Parameter) throws -> String {
        let ours = parameter.name
        let parts = ours.split(separator: ".", maxSplits: 2).map(String.init)
        // Our first layer gives latents the form of images, which there they have already.
        let theirs =
            parts.count == 3 ? Int(parts[1]).map { "main.\($0 - 1).\(parts[2])" } : nil
        guard let name = [ours, theirs].compactMap({ $0 }).first(where: names.contains) else {
            throw CommandFailure(
                "\(url.relativePath) has no tensor \(ours)"
                    + (theirs.map { " or \($0)" } ?? "")
                    + "; name the weights of a generator of these keys")
        }
        return name
    }
}
