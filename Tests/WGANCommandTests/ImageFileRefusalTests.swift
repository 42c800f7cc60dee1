import FileTestSupport
import Foundation
import Testing

@Suite(
    "Awkward, broken and hostile image files",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct ImageFileRefusalTests {
    /// Height, width and channels of the files that hold enough images to train on.
    static let usable: [String: (Int, Int, Int)] = [
        "images-where-labels-expected.gz": (28, 28, 1),
        "ok-20-images-idx3-ubyte": (28, 28, 1),
        "ok-20-images-misnamed.gz": (28, 28, 1),
        "ok-200-images-idx3-ubyte.gz": (28, 28, 1),
        "ok-4d-rgb-images.gz": (28, 28, 3),
        "ok-gz-name-comment-extra.gz": (28, 28, 1),
        "ok-multi-member.gz": (28, 28, 1),
        "ok-non-square-20x31-images.gz": (20, 31, 1),
        "ok-stored-blocks.gz": (28, 28, 1),
    ]

    /// The files that the manifest names.
    static let manifest: [String] = {
        let text = try? String(
            contentsOfFile: SharedData.path("hard-idx/MANIFEST.tsv"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").dropFirst().compactMap { line in
            line.split(separator: "\t").first.map(String.init)
        }
    }()

    private func path(_ name: String) -> String { SharedData.path("hard-idx/\(name)") }

    @Test("each file is trained on or refused before any work", arguments: manifest)
    func file(name: String) throws {
        let place = try SmallImages.place()
        guard let (height, width, channels) = Self.usable[name] else {
            try expectRefusal(
                SmallImages.arguments(images: path(name)) + ["--set", "batchSize=5"], saying: [],
                in: place)
            return
        }
        let arguments = SmallImages.arguments(
            images: path(name), height: height, width: width, channels: channels)
        let outcome = try place.wgan(
            arguments + ["--set", "batchSize=5", "--quiet", "--out", "run"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        #expect(try place.entries().contains("run/weights.safetensors"))
    }

    @Test("the manifest names every usable file, and twice as many that are not")
    func manifestIsRead() {
        #expect(Set(Self.usable.keys).isSubset(of: Self.manifest))
        #expect(Self.manifest.count >= 3 * Self.usable.count)
    }

    @Test(
        "labels and images that do not belong together are refused",
        arguments: [
            (
                "ok-200-labels-idx1-ubyte.gz", "ok-200-images-idx3-ubyte.gz",
                "with 1 dimension, not one of images"
            ),
            ("ok-200-images-idx3-ubyte.gz", "images-where-labels-expected.gz", "are not labels"),
            ("ok-200-images-idx3-ubyte.gz", "labels-199.gz", "200 images but "),
            ("ok-200-images-idx3-ubyte.gz", "claims-4-billion-labels.gz", "4294967295"),
        ])
    func exchanged(images: String, labels: String, fragment: String) throws {
        try expectRefusal(
            SmallImages.arguments(images: path(images), labels: path(labels)),
            saying: [fragment], in: try SmallImages.place())
    }

    @Test("a class that no image has is refused")
    func emptyClass() throws {
        let images = path("ok-200-images-idx3-ubyte.gz")
        let labels = path("ok-200-labels-idx1-ubyte.gz")
        try expectRefusal(
            SmallImages.arguments(images: images, labels: labels)
                + ["--set", "data.idx.class=77"],
            saying: ["No image has label 77; choose one from 0 to 9"], in: try SmallImages.place())
    }
}
