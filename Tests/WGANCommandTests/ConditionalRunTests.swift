import ArrayFiles
import Figures
import Foundation
import Testing

@Suite("Runs with a condition")
struct ConditionalRunTests {
    private let place: Workplace

    init() throws {
        place = try SmallImages.place()
        let labels = Data([0, 0, 8, 1, 0, 0, 0, 16] + (0..<16).map { UInt8($0 % 3) })
        try place.write(labels, to: "labels.idx")
        let outcome = try place.wgan([
            "train", "small.yaml", "--quiet", "--out", "run", "--set",
            "data={idx: {images: images.idx, labels: labels.idx}}", "--set",
            "condition={classes: 3}", "--set",
            "generator.layers=[{labelConcatenation: 2}, {linear: 16}, "
                + "{reshape: {channels: 1, height: 4, width: 4}}, tanh]", "--set",
            "critic.layers=[flatten, labelProjection]", "--set",
            "outputs={samples: {every: 2, count: 7}}",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
    }

    private func values(_ arguments: String...) throws -> [Float] {
        let out = "\(UUID().uuidString).npy"
        let outcome = try place.wgan(["sample", "run", "--out", out] + arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try NumpyFile(contentsOf: place.url(out)).values()
    }

    @Test("give all classes in turn, or the one that is asked for")
    func classes() throws {
        let all = try values("--count", "6")
        let single = try (0..<3).map { try values("--count", "6", "--class", "\($0)") }
        for sample in 0..<6 {
            let range = sample * 16..<sample * 16 + 16
            #expect(Array(all[range]) == Array(single[sample % 3][range]))
        }
        #expect(single[0] != single[1] && single[1] != single[2])
        #expect(try values().count == 30 * 16)
    }

    @Test("draw a row for each class")
    func rows() throws {
        let grid = try PixelImage(pngData: place.data("run/samples/step-000002.png"))
        // Seven images in three rows of three places, 56 pixels and a line of 2 between.
        #expect(grid.width == 3 * 58 + 2 && grid.height == 3 * 58 + 2)
        for (arguments, columns, rows) in [([], 10, 3), (["--class", "1"], 4, 3)] {
            let outcome = try place.wgan(
                ["sample", "run", "--out", "a.png"] + arguments
                    + (arguments.isEmpty ? [] : ["--count", "10"]))
            #expect(outcome.code == 0, "\(outcome.errors)")
            let picture = try PixelImage(pngData: place.data("a.png"))
            #expect(picture.width == columns * 58 + 2 && picture.height == rows * 58 + 2)
        }
    }

    @Test("fill a subfolder for each class")
    func folders() throws {
        let outcome = try place.wgan(["sample", "run", "--count", "4", "--out", "pictures/"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let names = try place.entries().filter { $0.hasPrefix("pictures/") && $0.hasSuffix(".png") }
        #expect(
            names == [
                "pictures/0/000.png", "pictures/0/003.png", "pictures/1/001.png",
                "pictures/2/002.png",
            ])
    }

    @Test("refuse classes that they do not have, and other runs refuse any")
    func refusals() throws {
        for label in ["3", "-1"] {
            try expectRefusal(
                ["sample", "run", "--out", "a.npy", "--class=\(label)"],
                saying: ["none of this run's 3 classes"], in: place)
        }
        let outcome = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--out", "other", "--quiet",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        try expectRefusal(
            ["sample", "other", "--out", "a.npy", "--class", "0"],
            saying: ["has no condition; leave it out"], in: place)
    }

    @Test("are planned and judged like others, their critic apart")
    func judging() throws {
        let outcome = try place.wgan([
            "evaluate", "run", "--samples", "10", "--seeds", "1", "--json",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\"fid-random\"") && !outcome.output.contains("\"audit\""))
        let plan = try place.wgan(["plan", "run/config.yaml"])
        #expect(plan.code == 0 && plan.output.contains("LabelProjection"))
    }
}
