import Foundation
import Testing

@Suite("Refusals of sampling")
struct SampleRefusalTests {
    /// A run of images with its folder `run`.
    private func place() throws -> Workplace {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--quiet", "--out", "run",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
        return place
    }

    @Test("what is no run is refused")
    func noRun() throws {
        let place = try Workplace()
        try place.write("", to: "folder/other")
        for (run, fragment) in [
            ("nowhere", "it does not exist"), ("folder", "since it has no config.yaml"),
            ("folder/other", "is a file; give the folder of a run"),
        ] {
            try expectRefusal(
                ["sample", run, "--out", "a.npy"], saying: [fragment], in: place)
        }
    }

    @Test("arguments that make no sense are refused before the samples are made")
    func arguments() throws {
        let place = try place()
        try place.write("", to: "taken.npy/x")
        for (arguments, fragment) in [
            (["--out", "a.txt"], "a.txt ends in none of .npy, .csv, .png"),
            (["--out", "a"], "a ends in none of"),
            (["--out", ""], "ends in none of"),
            (["--out", "a.npy", "--count", "0"], "--count 0 makes no sense; give at least 1"),
            (["--out", "a.npy", "--count=-1"], "--count -1 makes no sense"),
            (["--out", "a.npy", "--count", "\(Int.max)"], "give at most 16777216,"),
            (["--out", "a.csv", "--count", "2097153"], "give at most 2097152,"),
            (["--out", "a.png", "--count", "10001"], "give at most 10000,"),
            (["--out", "absent/a.npy"], "its folder does not exist"),
            (["--out", "images.idx/a.npy"], "a part of the path is a file"),
            (["--out", "taken.npy"], "it is a folder, not a file"),
            (["--out", "taken.npy/"], "is not empty"),
            (["--out", "a/", "--count", "100001"], "give at most 100000,"),
            (["--out", "a.gif"], "--interpolate is needed"),
            (["--out", "a.png", "--interpolate", "linear"], "choose .gif or .webp"),
            (["--out", "a.png", "--frames", "1"], "--frames 1 makes no sense"),
            (["--out", "a.png", "--class", "1"], "--class 1 cannot be drawn"),
            (["--out", "a.npy", "--truncation", "0"], "--truncation: "),
            (["--out", "a.npy", "--truncation", "nan"], "give a bound above 0"),
            (["--out", "a.npy", "--weights", "3"], "no weights of step 3; it has those of 1"),
            (["--out", "a.npy", "--weights", "absent.safetensors"], "it does not exist"),
        ] {
            try expectRefusal(["sample", "run"] + arguments, saying: [fragment], in: place)
        }
    }

    @Test("settings without effect are noted, and the samples are as without them")
    func withoutEffect() throws {
        let place = try place()
        try place.succeed(["sample", "run", "--out", "plain.png"])
        for (option, sentence) in [
            (["--raw"], "note: --raw has no effect, as run has no averaged weights\n"),
            (["--frames", "3"], "note: --frames has no effect without --interpolate\n"),
        ] {
            let outcome = try place.wgan(["sample", "run", "--out", "a.png"] + option)
            #expect(outcome.code == 0 && outcome.messages == sentence, "\(outcome.errors)")
            #expect(try place.data("a.png") == place.data("plain.png"))
        }
    }

    @Test("animations that make no sense are refused")
    func animations() throws {
        let place = try place()
        for (arguments, fragment) in [
            (["--frames", "1"], "give 2 to 1000"), (["--count", "401"], "give at most 400,"),
            (["--frames", "1000", "--count", "400"], "give a smaller --count or --frames"),
        ] {
            try expectRefusal(
                ["sample", "run", "--out", "a.webp", "--interpolate", "linear"] + arguments,
                saying: [fragment], in: place)
        }
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--quiet", "--out", "uniform", "--set",
            "latent.distribution=uniform",
        ])
        try #require(training.code == 0, "\(training.errors)")
        try expectRefusal(
            ["sample", "uniform", "--out", "a.gif", "--interpolate", "spherical"],
            saying: ["choose linear"], in: place)
        try expectRefusal(
            ["sample", "uniform", "--out", "a.npy", "--truncation", "1.5"],
            saying: ["uniform in −1…1"], in: place)
    }

    @Test("weights that are missing, damaged or of another run are refused")
    func weights() throws {
        let place = try place()
        let path = "run/weights.safetensors"
        let weights = try place.data(path)
        let arguments = ["sample", "run", "--out", "a.npy"]
        for length in [0, 6, 100, weights.count - 1] {
            try place.write(weights.prefix(length), to: path)
            try expectRefusal(arguments, saying: ["weights.safetensors"], in: place)
        }
        try place.write("not weights at all", to: path)
        try expectRefusal(arguments, saying: ["as safetensors: "], in: place)
        try FileManager.default.removeItem(at: place.url(path))
        try expectRefusal(
            arguments + ["--weights", "final"], saying: ["it does not exist"], in: place)
        try place.write(weights, to: path)
        let configuration = try place.text("run/config.yaml")
        try place.write(
            configuration.replacing("\n  size: 2\n", with: "\n  size: 3\n"), to: "run/config.yaml")
        try expectRefusal(
            arguments, saying: ["generator.0.weight", "[16, 2]", "[16, 3]"], in: place)
        try place.write("name: [", to: "run/config.yaml")
        try expectRefusal(arguments, saying: ["config.yaml:", "not valid YAML"], in: place)
    }

    @Test("samples outside the plane that are no images have no picture")
    func noPicture() throws {
        let place = try Workplace()
        let outcome = try place.wgan([
            "train", "mixture", "--steps", "1", "--quiet", "--out", "run", "--set", "outputs={}",
            "--set", "data={mixture: [{mean: [0, 0, 1], scale: 1}]}",
            "--set", "generator.layers.2.linear=3",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try !place.entries().contains("run/figures/samples.png"))
        try expectRefusal(
            ["sample", "run", "--out", "a.png"], saying: ["choose .npy or .csv"], in: place)
        for arguments in [["a.gif", "--interpolate", "linear"], ["a/"]] {
            try expectRefusal(
                ["sample", "run", "--out"] + arguments, saying: ["are no images"], in: place)
        }
        #expect(try place.wgan(["sample", "run", "--count", "2", "--out", "a.csv"]).code == 0)
        #expect(try place.text("a.csv").hasPrefix("value0,value1,value2\n"))
    }
}
