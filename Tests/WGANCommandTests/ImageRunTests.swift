import ArrayFiles
import Figures
import FileTestSupport
import Foundation
import Runs
import Testing

@Suite("Trainings on images")
struct ImageRunTests {
    @Test(
        "digits are trained on and sampled as numbers in −1…1 and as a picture",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func digits() throws {
        let place = try Workplace()
        let training = try place.wgan([
            "train", "mnist-dcgan", "--steps", "2", "--data", SharedData.path("mnist"), "--json",
            "--out", "run",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(training.output.utf8))
        let summary = try #require(object as? [String: Any])
        #expect(
            Set(summary.keys) == [
                "run", "steps", "seconds", "secondsWaitedForData", "criticLoss",
                "wassersteinEstimate",
            ])
        #expect(try place.text("run/config.yaml").contains("\nsteps: 2\n"))
        for name in ["a.npy", "a.png"] {
            let outcome = try place.wgan(["sample", "run", "--count", "5", "--out", name])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let file = try NumpyFile(contentsOf: place.url("a.npy"))
        #expect(file.shape == [5, 28, 28, 1])
        #expect(try file.values().allSatisfy { (-1...1).contains($0) })
        #expect(try place.data("a.png").isPNG)
        #expect(try place.data("run/figures/samples.png").isPNG)
    }

    @Test("runs without a name of their own are numbered")
    func numbering() throws {
        let place = try SmallImages.place()
        for number in 1...2 {
            let outcome = try place.wgan(["train", "small.yaml", "--steps", "1", "--json"])
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("\"run\":\"runs/small-\(number)\""))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.url("runs").path).sorted()
                == ["small-1", "small-2"])
    }

    @Test("pictures are drawn on the way as the configuration asks")
    func pictures() throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "small.yaml", "--quiet", "--out", "run", "--set",
            "outputs={samples: {every: 2, count: 3}, metrics: {every: 3}}",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        for name in ["samples/step-000002", "samples/step-000004", "figures/samples"] {
            #expect(try place.data("run/\(name).png").isPNG)
        }
        #expect(try !place.entries().contains("run/samples/step-000003.png"))
        let history = try MetricHistory(in: RunFolder(opening: place.url("run")))
        #expect(try history.series()["criticLoss"]?.steps == [3, 4])
    }

    @Test("pictures show the same latents whatever the seed: those of a sample without one")
    func shownLatents() throws {
        let place = try SmallImages.place()
        for seed in ["1", "2"] {
            try place.succeed([
                "train", "small.yaml", "--quiet", "--out", seed, "--seed", seed, "--set",
                "outputs.samples={every: 2, count: 4, columns: 2}",
            ])
            try place.succeed(["sample", seed, "--count", "4", "--out", "\(seed).png"])
            #expect(try place.data("\(seed).png") == place.data("\(seed)/figures/samples.png"))
        }
        #expect(try place.data("1.png") != place.data("2.png"))
    }

    @Test("what is asked for by epochs comes after each: grids, weights, and frames of two panels")
    func epochs() throws {
        let place = try SmallImages.place()
        // Sixteen images make two batches, and a step takes one of them.
        let outcome = try place.wgan([
            "train", "small.yaml", "--quiet", "--out", "run", "--steps", "5", "--set",
            "schedule.fixed=1", "--set",
            "outputs={samples: {everyEpochs: 1, count: 4}, weights: {everyEpochs: 2}, "
                + "panels: {everyEpochs: 1, count: 4}}",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let found = try place.entries().filter {
            $0.contains("step-") && !$0.contains("checkpoints")
        }
        #expect(
            found == [
                "run/panels/step-000002.png", "run/panels/step-000004.png",
                "run/samples/step-000002.png", "run/samples/step-000004.png",
                "run/weights/step-000004.safetensors",
            ])
        #expect(
            try place.data("run/figures/panels.png") == place.data("run/panels/step-000004.png"))
        let gif = try GIFReader(try place.data("run/figures/panels.gif"))
        #expect(gif.frameCount == 2 && gif.width > gif.height)
        let weights = try SafetensorsFile(
            contentsOf: place.url("run/weights/step-000004.safetensors"))
        #expect(
            weights.tensorNames
                == (try SafetensorsFile(contentsOf: place.url("run/weights.safetensors")))
                .tensorNames)
        let first = try weights.tensor(named: "critic.1.weight").values
        let last = try SafetensorsFile(contentsOf: place.url("run/weights.safetensors"))
        #expect(try last.tensor(named: "critic.1.weight").values != first)
    }

    @Test("epochs of a distribution without end are refused")
    func endless() throws {
        try expectRefusal(
            ["train", "mixture", "--set", "outputs={weights: {everyEpochs: 1}}"],
            saying: ["'outputs.weights.everyEpochs' cannot be counted"], in: try Workplace())
    }
}
