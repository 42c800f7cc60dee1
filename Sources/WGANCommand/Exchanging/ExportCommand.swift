import ArgumentParser
import ArrayFiles
import CPUExecutor
import Exchange
import Files
import Foundation
import NeuralNetworks
import Runs
import TensorGraph
import WGAN

/// `wgan export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a run's generator or critic for other programs.",
        discussion: """
            safetensors: the weights under the names and in the layouts of PyTorch, ready for \
            load_state_dict of a Sequential of the same layers. onnx: the whole network for ONNX \
            Runtime and others, images channels-first, for batches of any size; a conditional \
            network has a second input, labels.

            The numbers are those that the network computes with: averages of the generator's \
            weights where the run has them, and the critic's weights after spectral normalisation.

            Examples:
              wgan export runs/mnist-gp-1 --out generator.safetensors
              wgan export runs/mnist-gp-1 --network critic --out critic.onnx
              wgan export runs/mnist-gp-1 --weights 1000 --format onnx --out early.bin
              wgan export runs/mnist-gp-1 --weights best --out best.onnx
            """)

    /// What a network is written as.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case safetensors, onnx
    }

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(help: "Which of the two networks.")
    var network = Network.generator

    @Option(help: "safetensors or onnx; by default what the end of --out says.")
    var format: Format?

    @OptionGroup var weights: WeightsOptions

    @Option(help: ArgumentHelp("Where to write.", valueName: "file"))
    var out: String

    func run() throws {
        let (format, exported, notes) = try Refusal.guarding { try prepare() }
        for text in notes { note(text) }
        let url = URL(fileURLWithPath: out)
        switch format {
        case .safetensors: try exported.writeWeights(to: url)
        case .onnx: try AtomicFile.write(exported.onnx().data(), to: url)
        }
    }

    private func prepare() throws -> (Format, ExportedNetwork, notes: [String]) {
        let ending = (out as NSString).pathExtension.lowercased()
        guard let format = format ?? Format(rawValue: ending) else {
            throw CommandFailure(
                "\(out) ends neither in .safetensors nor in .onnx; choose one, or give --format")
        }
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        let device = CPUDevice()
        let loaded = try weights.generator(of: run, on: device)
        let setup = loaded.configuration.setup
        let exported = ExportedNetwork(
            network: network, setup: setup, sampleShape: loaded.sampler.sampleShape,
            name: loaded.configuration.name, stamp: loaded.stamp,
            values: try setup.computedValues(
                of: network.rawValue, averaged: !weights.raw, on: device))
        try AtomicFileWriter(to: URL(fileURLWithPath: out)).abandon()
        var notes = loaded.notes
        if weights.raw, network == .critic, setup.averaging != nil {
            notes.append("--raw has no effect on the critic, of which nothing is averaged")
        }
        return (format, exported, notes)
    }
}

/// One of a training's two networks, called as its parameters' scope.
enum Network: String, CaseIterable, ExpressibleByArgument {
    case generator, critic
}

/// A network with the numbers that it computes with.
struct ExportedNetwork {
    let network: Network
    let setup: TrainingSetup
    let sampleShape: Shape
    let name: String
    /// What tells the run's weights from others; the file tells it too.
    let stamp: WeightsStamp
    let values: [Variable: [Float]]

    /// Writes the weights under PyTorch's names.
    func writeWeights(to url: URL) throws {
        let tensors = StateDictionary.entries(of: network.rawValue, in: setup.parameters).map {
            ($0.name, $0.parameter.shape.dimensions, values[$0.parameter.variable] ?? [])
        }
        try Safetensors.write(
            tensors, metadata: stamp.texts.merging(["format": "pt"]) { $1 }, to: url)
    }

    /// The network in ONNX's operators.
    func onnx() throws -> ONNXModel {
        let isGenerator = network == .generator
        return try ONNXModel(
            isGenerator ? setup.generator : setup.critic,
            input: isGenerator
                ? .init("latents", [setup.latent.size]) : .init("samples", sampleShape),
            output: isGenerator ? "samples" : "scores", named: network.rawValue,
            metadata: stamp.texts.merging(["run": name]) { $1 }
        ) { values[$0.variable] ?? [] }
    }
}
