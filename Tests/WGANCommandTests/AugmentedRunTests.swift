import Figures
import Foundation
import Testing

@Suite("Runs with augmentation and settings that change")
struct AugmentedRunTests {
    private static let settings = [
        "augmentation={transformations: [colour, translation], probability: {adaptive: "
            + "{samples: 64, interval: 2}}}",
        "constraint={gradientPenalty: {coefficient: {linear: {from: 9, to: 1, samples: 100}}}}",
        "penaltyInterval=2", "averaging={halfLife: 50, rampUp: 0.5}",
        "critic.optimiser={adam: {learningRate: 1e-3, beta2: "
            + "{cosine: {from: 0.9, to: 0.99, samples: 160}}}}",
    ].flatMap { ["--set", $0] }

    private func run(_ place: Workplace, _ arguments: [String]) throws -> String {
        let outcome = try place.wgan(arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test("record the critic's overfitting, and end with the same weights after a break")
    func resuming() throws {
        let place = try SmallImages.place()
        let train = ["train", "small.yaml", "--quiet"] + Self.settings
        _ = try run(place, train + ["--out", "whole", "--steps", "7"])
        _ = try run(place, train + ["--out", "parts", "--steps", "3"])
        _ = try run(place, ["resume", "parts", "--steps", "7", "--quiet"])
        let weights = try ["whole", "parts"].map { try place.data("\($0)/weights.safetensors") }
        #expect(weights[0] == weights[1])
        let tables = try ["whole", "parts"].map { try run(place, ["metrics", $0, "--csv"]) }
        #expect(tables[0] == tables[1])
        #expect(tables[0].contains("overfitting") && tables[0].contains("augmentationProbability"))
        #expect(try !place.data("whole/figures/augmentation.svg").isEmpty)
    }

    @Test("show real images as the critic sees them")
    func view() throws {
        let place = try SmallImages.place()
        _ = try run(
            place,
            ["train", "small.yaml", "--quiet", "--out", "run", "--set", "augmentation=[colour]"])
        let sample = ["sample", "run", "--augmented", ".", "--count", "9"]
        for (name, seed) in [("a.png", "1"), ("b.png", "1"), ("c.png", "2")] {
            let outcome = try place.wgan(sample + ["--seed", seed, "--out", name])
            #expect(outcome.code == 0 && outcome.errors.contains("the probability 1.0"))
        }
        #expect(try place.data("a.png") == place.data("b.png"))
        #expect(try place.data("a.png") != place.data("c.png"))
        #expect(try PixelImage(pngData: place.data("a.png")).width > 12)
        for (arguments, message) in [
            (["--out", "a.npy"], "--augmented makes a picture, but a.npy is none; choose .png"),
            (["--out", "a.png", "--raw"], "--raw is about generated samples"),
            (["--out", "a.png", "--truncation", "1"], "--truncation is about generated samples"),
        ] {
            let outcome = try place.wgan(sample + arguments)
            #expect(outcome.code == 2 && outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    @Test("of which there is no view where the training has no augmentation")
    func noView() throws {
        let place = try SmallImages.place()
        _ = try run(place, ["train", "small.yaml", "--quiet", "--out", "run"])
        let outcome = try place.wgan(["sample", "run", "--augmented", ".", "--out", "a.png"])
        #expect(outcome.code == 2 && outcome.errors.contains("has no augmentation"))
    }

    @Test("a plan shows what changes over the training")
    func plan() throws {
        let place = try SmallImages.place()
        let text = try run(place, ["plan", "small.yaml"] + Self.settings)
        for line in [
            "critic.beta2: 0.9 to 0.99 on a cosine over 160 samples",
            "constraint.coefficient: 9.0 to 1.0 in a straight line over 100 samples",
            "half-life of averages: 50.0 samples, at most 0.5 times the samples before",
            "augmentation: Brightness, Saturation, Contrast, Translation",
            "augmentation's probability: adaptive, from 0.0, to keep the overfitting at 0.6",
            "penalty: in one of 2 critic updates",
        ] {
            #expect(text.contains("\n\(line)"), "\(text)")
        }
        #expect(text.contains("\ncritic step without penalty: "))
    }
}
