import FileTestSupport
import Foundation
import Testing

@Suite("What a run's bits depend on is known before its first step, its data too")
struct DataIdentityTests {
    private let place: Workplace

    init() throws { place = try SmallImages.place() }

    /// A run of points in a file of the folder `data`, on one thread.
    private func trainOnPoints() throws {
        try place.write("0,0\n1,0\n0,1\n1,1\n", to: "data/p.csv")
        try place.succeed([
            "train", "mixture", "--set", "data.points=data/p.csv", "--steps", "3", "--quiet",
            "--out", "run", "--set", "outputs={}", "--threads", "1",
        ])
    }

    @Test("a training that is killed before its first checkpoint goes on with the same bits")
    func killed() throws {
        let settings = ["--threads", "1", "--data", place.folder.path, "--quiet"]
        let training = try place.start(
            [
                "train", "small.yaml", "--steps", "100000000", "--out", "run", "--set",
                "outputs.samples={every: 100, count: 1}",
            ] + settings)
        try training.wait(for: "run/samples/step-000100.png", in: place)
        training.send(SIGKILL)
        _ = try training.end()
        #expect(try !place.entries().contains("run/checkpoints"))
        let record = try place.text("run/run.json")
        #expect(record.contains(#""threads":1,"#) && record.contains(#""begun":"2"#))
        try place.succeed(["resume", "run", "--steps", "5", "--quiet"])
        #expect(try place.text("run/environment.json").contains(#""threads":1,"#))
        try place.succeed(
            ["train", "run/config.yaml", "--steps", "5", "--out", "whole"] + settings)
        try ResumeTests.expectEqual("run", "whole", in: place)
        #expect(
            try place.text("run/report.html").contains("which trains the same bits again"))
    }

    @Test(
        "published data is found again where it was, without --data or WGAN_DATA",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func published() throws {
        let arguments = [
            "train", "small.yaml", "--steps", "1", "--quiet", "--set", "data=mnist", "--set",
            "generator.layers.0.linear=784", "--set",
            "generator.layers.1.reshape={channels: 1, height: 28, width: 28}", "--out", "run",
        ]
        try FileManager.default.createSymbolicLink(
            atPath: place.url("all").path, withDestinationPath: SharedData.folder)
        let training = try place.wgan(arguments, environment: ["WGAN_DATA": "all"])
        try #require(training.code == 0, "\(training.errors)")
        let record = try place.text("run/run.json").replacing("\\/", with: "/")
        #expect(record.contains("\"folder\":\"\(place.url("all/mnist").path)\""))
        try place.succeed(["resume", "run", "--steps", "2", "--quiet"])
        try place.succeed(["evaluate", "run", "--samples", "10", "--seeds", "1"])
        try place.succeed([
            "import", "run/weights.safetensors", "--as", "run", "--out", "second",
        ])
        try place.succeed(["resume", "second", "--steps", "1", "--quiet"])
    }

    @Test("points that were named from another folder are found again")
    func otherFolder() throws {
        try trainOnPoints()
        #expect(
            try place.text("run/config.yaml").contains("file: \(place.url("data/p.csv").path)\n"))
        try FileManager.default.createDirectory(
            at: place.url("elsewhere"), withIntermediateDirectories: false)
        for arguments in [
            ["resume", "../run", "--steps", "5", "--quiet"],
            ["sample", "../run", "--count", "2", "--out", "a.csv"],
            ["evaluate", "../run", "--samples", "10", "--seeds", "2"],
        ] {
            let outcome = try place.wgan(arguments, folder: "elsewhere")
            #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        }
    }

    @Test("data that was moved is found by --data, and is the same data")
    func moved() throws {
        try trainOnPoints()
        try FileManager.default.moveItem(at: place.url("data"), to: place.url("moved"))
        try expectRefusal(
            ["resume", "run", "--steps", "5"], saying: ["data/p.csv"], in: place)
        let outcome = try place.wgan(["resume", "run", "--steps", "5", "--data", "moved"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("the data in"))
        #expect(try place.text("run/config.yaml").contains(place.url("moved/p.csv").path))
        #expect(
            try place.text("run/report.html").contains("which trains the same bits again"))
        try place.succeed(["resume", "run", "--steps", "6", "--quiet"])
    }

    @Test(
        "data that has changed is refused with the file's name, and taken where it is named anew",
        arguments: [["--data", "data"], ["--set", "data.points=data/p.csv"]])
    func changed(acceptance: [String]) throws {
        try trainOnPoints()
        // The first points, which the last batch may consist of, are as before.
        try place.write("0,0\n1,0\n0,1\n1,2\n", to: "data/p.csv")
        let sentence =
            "the data in \(place.url("data").path) is not what the training was on (p.csv has "
            + "changed); "
        for arguments in [["resume", "run", "--steps", "5"], ["evaluate", "run"]] {
            try expectRefusal(
                arguments, saying: [sentence + "restore it, or accept"], in: place)
        }
        let judged = try place.wgan([
            "evaluate", "run", "--samples", "10", "--seeds", "2", "--data", "data",
        ])
        #expect(judged.code == 0)
        #expect(judged.errors.contains("note: \(sentence)it is used as it is now"))
        let outcome = try place.wgan(["resume", "run", "--steps", "5"] + acceptance)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("note: \(sentence)it is used as it is now"))
        #expect(
            try place.text("run/report.html").contains("the data was other until step 3"))
        // The record now has the new data.
        let again = try place.wgan(["resume", "run", "--steps", "6"])
        #expect(again.code == 0 && !again.errors.contains("the data in"), "\(again.errors)")
    }

    @Test("of a folder of images each file counts, its name and that it is there")
    func images() throws {
        for name in ["a", "b", "c", "d"] {
            try place.write(try picture(name), to: "photos/\(name).png")
        }
        try place.succeed([
            "train", "small.yaml", "--quiet", "--out", "run", "--data", "photos", "--set",
            "data={imageFolder: {size: 4, channels: 1}}", "--set", "batchSize=2", "--steps", "2",
        ])
        #expect(
            try place.text("run/data.xxh64").split(separator: "\n").map { $0.dropFirst(18) }
                == ["a.png", "b.png", "c.png", "d.png"])
        let resume = ["resume", "run", "--steps", "3"]
        let same = try place.data("photos/d.png")
        try place.write(try picture("e"), to: "photos/d.png")
        try expectRefusal(resume, saying: ["(d.png has changed)"], in: place)
        try FileManager.default.removeItem(at: place.url("photos/d.png"))
        try expectRefusal(resume, saying: ["(d.png is missing)"], in: place)
        try place.write(same, to: "photos/D.png")
        try expectRefusal(resume, saying: ["(d.png is missing, and 1 other file"], in: place)
        try FileManager.default.moveItem(
            at: place.url("photos/D.png"), to: place.url("photos/d.png"))
        try place.succeed(resume + ["--quiet"])
    }

    /// A picture of a run's samples that differs for each name.
    private func picture(_ name: String) throws -> Data {
        if try !place.entries().contains("pictures") {
            try place.succeed(["train", "small.yaml", "--quiet", "--steps", "1", "--out", "drawn"])
            try place.succeed(["sample", "drawn", "--count", "8", "--out", "pictures/"])
        }
        let number = try #require(["a", "b", "c", "d", "e"].firstIndex(of: name))
        return try place.data("pictures/00\(number).png")
    }
}
