import Foundation
import Runs
import Testing

@Suite("Trainings on images")
struct ImageRunTests {
    @Test(
        "digits are trained on and sampled as numbers in −1…1 and as a picture",
        .enabled(if: SharedData.hasMNIST, "the folder ../shared/data/mnist is not there"))
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
            Set(summary.keys) == ["run", "steps", "seconds", "criticLoss", "wassersteinEstimate"])
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
        let steps = try place.text("run/metrics.csv").split(separator: "\n").map {
            $0.prefix { $0 != "," }
        }
        #expect(steps == ["step", "3", "4"])
    }
}
