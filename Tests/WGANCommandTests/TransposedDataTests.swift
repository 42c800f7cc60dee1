import FileTestSupport
import Foundation
import Testing

@Suite("Data with rows and columns exchanged")
struct TransposedDataTests {
    @Test("is turned upright where the configuration says so")
    func turned() throws {
        let place = try Workplace()
        try place.write(SmallImages.yaml, to: "small.yaml")
        // Images of 2×8 pixels, which are 8×2 once they are turned.
        try place.write(
            Data([0, 0, 8, 3, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 8])
                + SmallImages.idx.dropFirst(16), to: "images.idx")
        for (setting, shape) in [("", (2, 8)), (".transposed=true", (8, 2))] {
            var arguments = SmallImages.arguments(
                images: "images.idx", height: shape.0, width: shape.1)
            if !setting.isEmpty { arguments += ["--set", "data.idx" + setting] }
            let outcome = try place.wgan(arguments + ["--quiet", "--out", "run\(shape.0)"])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        try expectRefusal(
            SmallImages.arguments(images: "images.idx", height: 2, width: 8)
                + ["--set", "data.idx.transposed=yes"], saying: ["transposed"], in: place)
    }

    @Test("is suspected by the name of EMNIST, unless the configuration speaks of it")
    func named() throws {
        let place = try SmallImages.place()
        try place.write(SmallImages.idx, to: "emnist-letters-images.idx")
        let arguments = SmallImages.arguments(
            images: "emnist-letters-images.idx", height: 4, width: 4)
        for (setting, isSuspected) in [
            ([], true), (["--set", "data.idx.transposed=true"], false),
            (["--set", "data.idx.transposed=false"], false),
        ] {
            let outcome = try place.wgan(arguments + setting + ["--out", UUID().uuidString])
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("EMNIST is published") == isSuspected)
        }
    }

    @Test(
        "is seen by a training on digits and by its evaluation, and upright digits raise no alarm",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func seen() throws {
        let place = try SmallImages.place()
        try writeDigits(to: place)
        for (folder, isTransposed) in [("upright", false), ("turned", true)] {
            let training = try place.wgan(
                SmallImages.arguments(images: "unused") + [
                    "--set", "data=mnist", "--data", folder, "--out", "run-\(folder)",
                ])
            let evaluation = try place.wgan([
                "evaluate", "run-\(folder)", "--samples", "50", "--seeds", "1", "--data", folder,
            ])
            for outcome in [training, evaluation] {
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(
                    outcome.errors.contains("the images look transposed") == isTransposed,
                    "\(folder): \(outcome.errors)")
            }
            for extractor in ["pixels", "mnist"] {
                let measure = try place.wgan([
                    "measure", "fid", "\(folder)/train-images-idx3-ubyte", "mnist:train", "--data",
                    SharedData.folder, "--count", "400", "--extractor", extractor,
                ])
                #expect(measure.code == 0, "\(measure.errors)")
                #expect(
                    measure.errors.contains("look transposed to each other") == isTransposed,
                    "\(folder), \(extractor): \(measure.errors)")
            }
        }
    }

    /// Writes 500 digits as both splits of a data set, upright and turned.
    private func writeDigits(to place: Workplace) throws {
        let unpacked = { (name: String) in
            try place.unpacked(SharedData.folder + "/mnist/t10k-\(name)-ubyte.gz")
        }
        let labels =
            try [0, 0, 8, 1, 0, 0, 1, 244] + unpacked("labels-idx1").dropFirst(8).prefix(500)
        let head: [UInt8] = [0, 0, 8, 3, 0, 0, 1, 244, 0, 0, 0, 28, 0, 0, 0, 28]
        let pixels = try [UInt8](unpacked("images-idx3").dropFirst(16).prefix(500 * 784))
        let turned = pixels.indices.map { index in
            let (image, row, column) = (index / 784, index % 784 / 28, index % 28)
            return pixels[image * 784 + column * 28 + row]
        }
        for (folder, bytes) in [("upright", pixels), ("turned", turned)] {
            for split in ["train", "t10k"] {
                try place.write(
                    Data(head + bytes), to: "\(folder)/\(split)-images-idx3-ubyte")
                try place.write(Data(labels), to: "\(folder)/\(split)-labels-idx1-ubyte")
            }
        }
    }
}

extension Workplace {
    /// What is in a gzip file.
    fileprivate func unpacked(_ path: String) throws -> Data {
        try write(Data(), to: "unpacked")
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", path]
        gzip.standardOutput = try FileHandle(forWritingTo: url("unpacked"))
        try gzip.run()
        gzip.waitUntilExit()
        return try data("unpacked")
    }
}
