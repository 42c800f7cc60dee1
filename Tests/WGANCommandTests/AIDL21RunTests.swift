import ArrayFiles
import Foundation
import Testing

@Suite("Training by a file of the AIDL21-SAGAN project")
struct AIDL21RunTests {
    /// Networks with as few channels as can be, trained on two batches.
    private static let yaml = """
        arch: 'WGAN'
        path: 'photos/'
        out: 'fakes/'
        run: 'tiny'
        seed: 42
        n_gpu: 0
        num_epochs: 1
        learning_rate: 0.0002
        beta_adam: 0.5
        batch_size: 2
        latent_vector: 4
        image_size: 64
        loader_workers: 1
        number_channels: 3
        gen_feature_maps: 1
        dis_feature_maps: 1
        critic_its: 1
        gp_lambda: 10

        """

    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "DatasetsTests/Fixtures")

    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.write(Self.yaml, to: "input.yaml")
        for name in ["baseline.jpg", "rgb.png", "rgba.png", "wide.jpg"] {
            try place.write(
                try Data(contentsOf: Self.fixtures.appending(path: name)),
                to: "photos/class/\(name)")
        }
        return place
    }

    @Test("writes that program's files under their names, beside our run, and samples from it")
    func run() throws {
        let place = try place()
        let outcome = try place.wgan(["train", "input.yaml", "--out", "run", "--quiet"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let fakes = try place.entries().filter { $0.hasPrefix("fakes/") }
        let samples = (0..<64).map { "fakes/tiny_0_\($0)_img.png" }
        #expect(
            Set(fakes)
                == Set(
                    samples + [
                        "fakes/tiny_loss_plot.png", "fakes/tiny_real_fake_grid.png",
                        "fakes/tiny_metrics_report.out",
                    ]))
        #expect(try place.data(samples[63]).isPNG)
        let report = try place.text("fakes/tiny_metrics_report.out")
        #expect(
            report.firstMatch(
                of: /^PSNR: [\d.]+, SSIM: -?[\d.]+, HAAR: [\d.]+, MSGMSD: [\d.]+, MDSI: [\d.]+\n/)
                != nil, "\(report)")
        #expect(report.contains("1 pairs of a real and a generated image of 64x64x3"))
        #expect(try place.text("run/config.yaml").contains("name: tiny\n"))
        try sample(place)
    }

    /// Images of the run's generator, from the run and from a file with that program's names.
    private func sample(_ place: Workplace) throws {
        let generator =
            Self.yaml.replacingOccurrences(of: "'WGAN'", with: "'Generator'")
            .replacingOccurrences(of: "'fakes/'", with: "'drawn'") + "quantity: 66\n"
        let file = try SafetensorsFile(contentsOf: place.url("run/weights.safetensors"))
        let tensors = try file.tensorNames.filter { $0.hasPrefix("generator.") }.map { name in
            let parts = name.split(separator: ".")
            let (shape, values) = try file.tensor(named: name)
            return (
                name: "main.\(try #require(Int(parts[1])) - 1).\(parts[2])", shape: shape,
                values: values
            )
        }
        try Safetensors.write(tensors, metadata: [:], to: place.url("theirs.safetensors"))
        for (run, path) in [("ours", "run"), ("theirs", "theirs.safetensors")] {
            let yaml = generator.replacingOccurrences(of: "'photos/'", with: "'\(path)'")
                .replacingOccurrences(of: "'tiny'", with: "'\(run)'")
            try place.write(yaml, to: "\(run).yaml")
            let outcome = try place.wgan(["train", "\(run).yaml"])
            try #require(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("66 images of 64 pixels"))
        }
        for name in ["0_0", "0_63", "1_1"] {
            let ours = try place.data("drawn/ours_\(name)_img.png")
            #expect(try ours == place.data("drawn/theirs_\(name)_img.png"))
        }
        #expect(!FileManager.default.fileExists(atPath: place.url("drawn/ours_1_2_img.png").path))
        try place.write("x", to: "old.pth")
        try expectRefusal(
            ["train", "ours.yaml", "--set", "path=old.pth"],
            saying: ["old.pth", "pickle", "safetensors"], in: place)
        try expectRefusal(
            ["train", "theirs.yaml", "--set", "gen_feature_maps=2"],
            saying: ["main.", "gen_feature_maps"], in: place)
        try expectRefusal(
            ["train", "theirs.yaml", "--set", "path=absent"], saying: ["absent"], in: place)
    }

    @Test("is converted to a file of ours that trains the same")
    func convert() throws {
        let place = try place()
        let printed = try place.wgan(["convert", "input.yaml"])
        #expect(printed.code == 0 && printed.errors.isEmpty, "\(printed.errors)")
        let written = try place.wgan(["convert", "input.yaml", "--out", "ours.yaml"])
        #expect(written.code == 0 && written.output.isEmpty, "\(written.errors)")
        #expect(try place.text("ours.yaml") == printed.output)
        for (file, run) in [("input.yaml", "a"), ("ours.yaml", "b")] {
            let outcome = try place.wgan(["train", file, "--out", run, "--quiet"])
            try #require(outcome.code == 0, "\(outcome.errors)")
        }
        for name in ["config.yaml", "weights.safetensors"] {
            #expect(try place.data("a/\(name)") == place.data("b/\(name)"))
        }
    }

    @Test("is refused where it cannot be trained or converted, and leaves nothing behind")
    func refusals() throws {
        let place = try place()
        try place.write("name: ours\n", to: "ours.yaml")
        try place.write(Self.yaml + "gp_lamda: 3\n", to: "typo.yaml")
        try place.write(
            Self.yaml.replacingOccurrences(of: "'WGAN'", with: "Generator") + "quantity: 1\n",
            to: "generator.yaml")
        try place.write("no folder", to: "file")
        for (arguments, fragments) in [
            (["train", "typo.yaml"], ["typo.yaml:19:1", "gp_lamda", "did you mean 'gp_lambda'?"]),
            (["convert", "typo.yaml"], ["typo.yaml:19:1", "gp_lamda"]),
            (["convert", "ours.yaml"], ["ours.yaml", "no key 'arch'"]),
            (["convert", "generator.yaml"], ["draws samples", "wgan sample"]),
            (["convert", "absent.yaml"], ["absent.yaml", "no such file"]),
            (["train", "input.yaml", "--set", "path=absent"], ["absent", "cannot be read"]),
            (
                ["train", "input.yaml", "--quiet", "--set", "out=file/x"],
                ["file", "outputs.report.prefix"]
            ),
        ] {
            try expectRefusal(arguments, saying: fragments, in: place)
        }
    }
}
