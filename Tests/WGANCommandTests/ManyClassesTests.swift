import ArrayFiles
import Figures
import Foundation
import Testing

@Suite("Runs with hundreds of classes")
struct ManyClassesTests {
    private static let classes = 300

    /// A folder of 300 classes with two images each, as bright as their class's number.
    private func place() throws -> Workplace {
        let place = try SmallImages.place()
        for index in 0..<Self.classes {
            let values = [Float](repeating: Float(index) / 150 - 1, count: 16)
            let image = try PixelImage(values: values[...], width: 4, height: 4, channels: 1)
            for copy in 0..<2 {
                try place.write(image.pngData(), to: "photos/\(1000 + index)/\(copy).png")
            }
        }
        return place
    }

    private func train(_ place: Workplace, classes: Int) throws -> Outcome {
        try place.wgan([
            "train", "small.yaml", "--data", "photos", "--quiet", "--out", "run", "--steps", "40",
            "--set", "data={imageFolder: {size: 4, channels: 1}}", "--set", "batchSize=32",
            "--set", "condition={classes: \(classes)}", "--set",
            "generator.layers=[{labelConcatenation: 4}, {linear: 16}, "
                + "{reshape: {channels: 1, height: 4, width: 4}}, tanh]", "--set",
            "critic.layers=[flatten, labelProjection]",
        ])
    }

    @Test("are trained, sampled by class, drawn and judged")
    func whole() throws {
        let place = try place()
        let training = try train(place, classes: Self.classes)
        try #require(training.code == 0, "\(training.errors)")
        let picture = try PixelImage(pngData: place.data("run/figures/samples.png"))
        #expect(picture.width <= 20 * 60 && picture.height <= 20 * 60)
        try place.succeed(["sample", "run", "--out", "all.npy"])
        let all = try NumpyFile(contentsOf: place.url("all.npy"))
        #expect(all.shape == [1000, 4, 4, 1])
        let values = try all.values()
        for label in [0, 255, 256, 299] {
            try place.succeed([
                "sample", "run", "--out", "one.npy", "--count", "300", "--class", "\(label)",
            ])
            let one = try NumpyFile(contentsOf: place.url("one.npy")).values()
            let range = label * 16..<label * 16 + 16
            #expect(Array(one[range]) == Array(values[range]), "\(label)")
        }
        try place.succeed(["sample", "run", "--count", "300", "--out", "pictures/"])
        #expect(try place.entries().contains("pictures/299/299.png"))
        try place.succeed(["evaluate", "run", "--samples", "20", "--seeds", "1"])
        try expectRefusal(
            ["sample", "run", "--out", "a.npy", "--class", "300"],
            saying: ["none of this run's 300 classes"], in: place)
    }

    @Test("need a condition of as many classes, which may be up to 65536")
    func conditions() throws {
        let place = try place()
        let few = try train(place, classes: 256)
        #expect(few.code == 2 && few.errors.contains("set it to 300"), "\(few.errors)")
        let many = try train(place, classes: 65_537)
        #expect(many.code == 2 && many.errors.contains("65536"), "\(many.errors)")
    }

    @Test("may have labels in an IDX file of 16-bit numbers")
    func idx() throws {
        let place = try SmallImages.place()
        var labels: [UInt8] = [0, 0, 11, 1, 0, 0, 0, 16]
        for label in 290..<306 { labels += [UInt8(label >> 8), UInt8(label & 255)] }
        try place.write(Data(labels), to: "labels.idx")
        let arguments = SmallImages.arguments(
            images: "images.idx", labels: "labels.idx", height: 4, width: 4)
        let outcome = try place.wgan(
            arguments + [
                "--quiet", "--out", "run", "--set", "data.idx.class=300", "--set", "batchSize=1",
            ])
        #expect(outcome.code == 0, "\(outcome.errors)")
    }
}
