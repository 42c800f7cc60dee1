import Foundation
import Testing

@Suite("Training on a folder of images")
struct ImageFolderRunTests {
    /// Small images of many formats.
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "DatasetsTests/Fixtures")

    /// A folder with two classes and a file that is no image.
    private func place() throws -> Workplace {
        let place = try SmallImages.place()
        for (name, source) in [
            ("photos/cats/a.jpg", "baseline.jpg"), ("photos/cats/b.png", "rgb.png"),
            ("photos/dogs/c.png", "rgba.png"), ("photos/dogs/d.webp", "lossy.webp"),
            ("photos/dogs/notes.jpg", "references.tsv"),
        ] {
            try place.write(
                try Data(contentsOf: Self.fixtures.appending(path: source)), to: name)
        }
        return place
    }

    private static let settings = [
        "--set", "data={imageFolder: {size: 4, channels: 1}}", "--set", "batchSize=2",
    ]

    @Test("writes samples, remembers the folder, and names what it left out")
    func run() throws {
        let place = try place()
        let outcome = try place.wgan(
            ["train", "small.yaml", "--data", "photos", "--out", "run"] + Self.settings)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("5/5  100%"))
        #expect(outcome.errors.contains("images decoded"))
        #expect(
            outcome.errors.contains("note: left out 1 of 5 files (dogs/notes.jpg: "))
        #expect(outcome.output.contains("waiting for data"))
        #expect(
            try place.text("run/config.yaml").contains("path: \(place.url("photos").path)\n"))
        #expect(try place.data("run/figures/samples.png").isPNG)
        // The same training again, from what the run remembers.
        let again = try place.wgan(["train", "run/config.yaml", "--out", "again", "--quiet"])
        #expect(again.code == 0 && again.errors.isEmpty, "\(again.errors)")
        #expect(
            try place.data("again/weights.safetensors") == place.data("run/weights.safetensors"))
    }

    @Test("reads the classes that are asked for")
    func classes() throws {
        let place = try place()
        let outcome = try place.wgan(
            ["train", "small.yaml", "--data", "photos", "--out", "run", "--quiet"] + Self.settings
                + ["--set", "data.imageFolder.classes=[cats]"])
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    }

    @Test("refuses folders that are missing, empty, too small or without the class")
    func refusals() throws {
        let place = try place()
        try place.write("no image", to: "texts/a.txt")
        let train = ["train", "small.yaml", "--quiet"] + Self.settings
        for (arguments, fragments) in [
            ([], ["no folder of images is named", "--data"]),
            (["--data", "absent"], ["absent", "cannot be read", "check its name"]),
            (["--data", "texts"], ["no image that can be read", "a.txt"]),
            (["--data", "photos", "--set", "batchSize=5"], ["batch of 5", "from 4 samples"]),
            (
                ["--data", "photos", "--set", "data.imageFolder.classes=[birds]"],
                ["no subfolder", "birds", "cats"]
            ),
        ] {
            try expectRefusal(train + arguments, saying: fragments, in: place)
        }
    }
}
