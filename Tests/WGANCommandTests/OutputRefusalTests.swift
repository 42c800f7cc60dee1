import Foundation
import Testing

@Suite("Refusals of data folders and places to write to")
struct OutputRefusalTests {
    @Test("a data folder that is missing or lacks the files is refused")
    func dataFolder() throws {
        let place = try Workplace()
        try place.write("", to: "empty/other")
        for folder in ["nowhere", "empty"] {
            try expectRefusal(
                ["train", "mnist-dcgan", "--data", folder],
                saying: [
                    "train-images-idx3-ubyte was not found",
                    "\(folder)/mnist or \(place.url(folder).path)",
                ], in: place)
        }
        try expectRefusal(
            ["train", "mnist-gp"], saying: [".cache/swift-wgan/mnist", "set WGAN_DATA"], in: place)
        try expectRefusal(
            ["train", "mnist-gp", "--out", "deep/run"], saying: ["elsewhere/mnist or elsewhere"],
            in: place, environment: ["WGAN_DATA": "elsewhere"])
    }

    @Test("a place where no folder can be made is refused")
    func parentIsFile() throws {
        let place = try SmallImages.place()
        for out in ["images.idx", "images.idx/run", "images.idx/deep/run"] {
            try expectRefusal(
                ["train", "small.yaml", "--out", out], saying: ["is a file, not a folder"],
                in: place)
        }
        try expectRefusal(
            ["train", "small.yaml", "--out", ""], saying: ["--out is empty; name a folder"],
            in: place)
        try expectRefusal(
            ["train", "small.yaml", "--out", "/proc/run"], saying: ["/proc/run"], in: place)
        try place.write("", to: "runs")
        try expectRefusal(
            ["train", "small.yaml"], saying: ["/runs': a part of the path is a file"], in: place)
    }

    @Test(
        "a folder without permission to write is refused",
        .enabled(if: geteuid() != 0, "the superuser may write anywhere"))
    func readOnly() throws {
        let place = try SmallImages.place()
        try place.write("", to: "closed/mark")
        let closed = place.url("closed").path
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: closed)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed)
        }
        try expectRefusal(
            ["train", "small.yaml", "--out", "closed/run"], saying: ["permission is denied"],
            in: place)
    }

    @Test("a folder that holds something is refused and stays as it is")
    func notEmpty() throws {
        let place = try SmallImages.place()
        try place.write("mine", to: "run/.hidden")
        try expectRefusal(
            ["train", "small.yaml", "--out", "run"], saying: ["is not empty; choose another"],
            in: place)
        #expect(try place.text("run/.hidden") == "mine")
    }

    @Test("a training that diverges fails in one sentence")
    func divergence() throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "small.yaml", "--quiet", "--set",
            "critic.optimiser.rmsprop.learningRate=1e300",
            "--set", "constraint=gradientPenalty",
        ])
        #expect(outcome.code == 1)
        #expect(
            outcome.errors.wholeMatch(
                of: /wgan: the .* loss is not a finite number at step \d; lower .*\n/) != nil,
            "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
