import ArrayFiles
import CPUExecutor
import Foundation
import NeuralNetworks
import PythonTestSupport
import TensorGraph
import Testing
import WGAN

@Suite("Weights for and from other programs")
struct ExchangeCommandTests {
    private let place: Workplace

    /// Networks of every kind of weight, whose critic is normalised.
    private static let changes = [
        "latent.size=3", "averaging={decay: 0.5}", "constraint=spectralReparametrisation",
        "generator.layers=[{linear: 16}, {reshape: {channels: 4, height: 2, width: 2}}, "
            + "batchNorm2d, relu, {convTranspose2d: {outputs: 1, kernel: 4, stride: 2, padding: "
            + "1}}, tanh]",
        "critic.layers=[{conv2d: {outputs: 2, kernel: 3, stride: 2, padding: 1}}, "
            + "{leakyReLU: 0.2}, flatten, {linear: 1}]",
    ]

    init() throws {
        place = try SmallImages.place()
        // The samples below are drawn by this process, which works in another folder.
        let images = "data.idx.images=\(place.url("images.idx").path)"
        try run(
            ["train", "small.yaml", "--steps", "3", "--quiet", "--out", "run"]
                + (Self.changes + [images]).flatMap { ["--set", $0] })
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let outcome = try place.wgan(arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return outcome.output
    }

    /// Latents and what a run's generator makes of them, channels-first (of one channel).
    private func samples(of run: String) throws -> (latents: [Float], images: [Float]) {
        let document = try TrainingConfiguration.document(
            presetOrFile: place.url("\(run)/config.yaml").path)
        let device = CPUDevice(threads: 1)
        let sampler = try Sampler(TrainingConfiguration(document).setup, on: device)
        let file = try SafetensorsFile(contentsOf: place.url("\(run)/weights.safetensors"))
        for name in file.tensorNames {
            let parameter = try #require(sampler.parameters[name])
            try device.set(parameter.variable, to: file.tensor(named: name).values)
        }
        let latents = try sampler.latents(6, seed: 1)
        return (latents, try sampler.samples(of: latents))
    }

    private func areClose(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    @Test("what is exported comes back by an import as the same run")
    func round() throws {
        try run(["export", "run", "--out", "generator.safetensors"])
        let file = try SafetensorsFile(contentsOf: place.url("generator.safetensors"))
        #expect(
            file.tensorNames == [
                "0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var",
                "4.weight", "4.bias",
            ])
        let printed = try run([
            "import", "generator.safetensors", "--as", "run", "--out", "imported",
        ])
        #expect(printed.hasSuffix("imported\n"))
        #expect(try samples(of: "imported").images == samples(of: "run").images)
        try run(["import", "run/weights.safetensors", "--as", "run", "--out", "whole"])
        #expect(try place.data("whole/weights.safetensors").count > 0)
        #expect(try samples(of: "whole").images == samples(of: "run").images)
        try run(["export", "run", "--raw", "--out", "raw.safetensors"])
        #expect(try place.data("raw.safetensors") != place.data("generator.safetensors"))
    }

    @Test("the critic's weights are written as it computes with them")
    func critic() throws {
        try run(["export", "run", "--network", "critic", "--out", "critic.safetensors"])
        let file = try SafetensorsFile(contentsOf: place.url("critic.safetensors"))
        #expect(file.tensorNames == ["0.weight", "0.bias", "3.weight", "3.bias"])
        #expect(file.metadata["step"] == "3" && file.metadata["weights"]?.count == 16)
        let note = try place.wgan([
            "export", "run", "--network", "critic", "--raw", "--out", "raw.safetensors",
        ])
        #expect(note.code == 0 && note.errors.hasPrefix("note: --raw has no effect on the critic"))
        #expect(try place.data("raw.safetensors") == place.data("critic.safetensors"))
        let row = try file.tensor(named: "3.weight").values
        // A matrix of one row has its length as its norm.
        #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-3)
    }

    @Test("what cannot be exported or imported is refused")
    func refusals() throws {
        try place.write("not weights", to: "bad.safetensors")
        try run(["export", "run", "--network", "critic", "--out", "critic.safetensors"])
        for (arguments, fragment) in [
            (["export", "run", "--out", "a.bin"], "give --format"),
            (["export", "run", "--out", "absent/a.onnx"], "its folder does not exist"),
            (["export", "nowhere", "--out", "a.onnx"], "it does not exist"),
            (["import", "bad.safetensors", "--as", "run"], "bad.safetensors"),
            (["import", "critic.safetensors", "--as", "run"], "there is no tensor"),
            (["import", "critic.safetensors", "--as", "mnist-g"], "did you mean 'mnist-gp'?"),
            (
                [
                    "import", "critic.safetensors", "--network", "critic", "--as", "run", "--set",
                    "critic.layers.0.conv2d.outputs=3",
                ], "has shape [2, 1, 3, 3], the configuration says [3, 1, 3, 3]"
            ),
            (
                [
                    "import", "critic.safetensors", "--network", "critic", "--as", "run", "--out",
                    "run",
                ], "is not empty"
            ),
        ] {
            try expectRefusal(arguments, saying: [fragment], in: place)
        }
    }

    @Test(
        "a generator trained here gives the same images in PyTorch, and the reverse",
        .enabled(if: Python.hasTorch, "python3 has no torch, safetensors and numpy"))
    func torch() throws {
        try run(["export", "run", "--out", "ours.safetensors"])
        let (latents, images) = try samples(of: "run")
        try NumpyFile.write(shape: [6, 3], values: latents, to: place.url("latents.npy"))
        _ = try Python.run(Self.torchProgram, place.folder.path)
        let theirs = try NumpyFile(contentsOf: place.url("ours.npy"))
        #expect(theirs.shape == [6, 1, 4, 4])
        #expect(try areClose(theirs.values(), images))

        try run(["import", "theirs.safetensors", "--as", "run", "--out", "theirs"])
        let expected = try NumpyFile(contentsOf: place.url("theirs.npy")).values()
        #expect(try areClose(expected, samples(of: "theirs").images))
    }

    private static let torchProgram = """
        import os, sys
        import numpy, torch
        from safetensors.torch import load_file, save_file
        from torch import nn
        os.chdir(sys.argv[1])
        def generator():
            return nn.Sequential(
                nn.Linear(3, 16), nn.Unflatten(1, (4, 2, 2)), nn.BatchNorm2d(4), nn.ReLU(),
                nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1), nn.Tanh())
        latents = torch.from_numpy(numpy.load("latents.npy"))
        torch.manual_seed(0)
        with torch.no_grad():
            ours = generator()
            ours.load_state_dict(load_file("ours.safetensors"))
            numpy.save("ours.npy", ours.eval()(latents).numpy())
            theirs = generator()
            for _ in range(5):
                theirs(torch.randn(16, 3))
            numpy.save("theirs.npy", theirs.eval()(latents).numpy())
            save_file(theirs.state_dict(), "theirs.safetensors")
        """

    @Test(
        "both networks give the same numbers in ONNX Runtime as in PyTorch",
        .enabled(
            if: Python.hasTorch && Python.hasONNXRuntime, "python3 has no torch and onnxruntime"))
    func onnx() throws {
        for network in ["generator", "critic"] {
            for ending in ["safetensors", "onnx"] {
                try run(["export", "run", "--network", network, "--out", "\(network).\(ending)"])
            }
        }
        let printed = try Python.run(Self.onnxProgram, place.folder.path)
        let differences = printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        #expect(differences.count == 2)
        #expect(differences.allSatisfy { $0 < 1e-5 }, "\(printed)")
    }

    private static let onnxProgram = """
        import os, sys
        import numpy, onnxruntime, torch
        from safetensors.torch import load_file
        from torch import nn
        os.chdir(sys.argv[1])
        generator = nn.Sequential(
            nn.Linear(3, 16), nn.Unflatten(1, (4, 2, 2)), nn.BatchNorm2d(4), nn.ReLU(),
            nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1), nn.Tanh())
        critic = nn.Sequential(
            nn.Conv2d(1, 2, 3, stride=2, padding=1), nn.LeakyReLU(0.2), nn.Flatten(),
            nn.Linear(8, 1))
        torch.manual_seed(0)
        inputs = torch.randn(7, 3), torch.rand(5, 1, 4, 4)
        for name, network, x in zip(["generator", "critic"], [generator, critic], inputs):
            network.load_state_dict(load_file(name + ".safetensors"))
            with torch.no_grad():
                expected = network.eval()(x).numpy()
            session = onnxruntime.InferenceSession(
                name + ".onnx", providers=["CPUExecutionProvider"])
            port = session.get_inputs()[0].name
            print(abs(session.run(None, {port: x.numpy()})[0] - expected).max())
        """
}
