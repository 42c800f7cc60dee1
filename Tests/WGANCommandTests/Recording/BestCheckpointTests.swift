import FileTestSupport
import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Best checkpoints")
struct BestCheckpointTests {
    private func checkpoints(_ run: String, in place: Workplace) throws -> [CheckpointFile] {
        let store = try CheckpointStore(in: RunFolder(opening: place.url(run)))
        return try store.list().map { try store.checkpoint(atStep: $0.step) }
    }

    private static func settings(keep: Int, best: String) -> [String] {
        ["--quiet", "--set", "outputs.checkpoints={every: 1, keep: \(keep), best: \(best)}"]
    }

    /// The step with the lowest value of all, the later of equal ones.
    private func best(_ files: [CheckpointFile], _ measure: String) throws -> Int {
        let values = try files.map { (try #require($0.metrics[measure]), -$0.step) }
        return try #require(values.min { $0 < $1 }.map { -$0.1 })
    }

    @Test("are those of the lowest distance of points", arguments: ["exactW1", "slicedW1"])
    func points(measure: String) throws {
        let place = try Workplace()
        let length = ["train", "mixture", "--steps", "5", "--set", "outputs.snapshots=0"]
        try place.succeed(length + ["--out", "all"] + Self.settings(keep: 99, best: measure))
        try place.succeed(length + ["--out", "few"] + Self.settings(keep: 2, best: measure))
        let all = try checkpoints("all", in: place)
        let best = try best(all, measure)
        #expect(all.count == 5 && all.allSatisfy { $0.metrics.count == 1 })
        #expect(
            try checkpoints("few", in: place).map(\.step) == Set([best, 4, 5]).sorted())
        if measure == "exactW1" {
            let summary = try place.text("all/summary.json")
            let distance = try #require(all.last?.metrics[measure])
            #expect(summary.contains("\"exactW1\":\(distance)"))
        }
        for name in ["all", "few"] {
            #expect(try place.text("\(name)/report.html").contains("step \(best)<small>\(measure)"))
            for weights in ["best", "\(best)"] {
                try place.succeed([
                    "sample", name, "--weights", weights, "--count", "9", "--out",
                    "\(name)-\(weights).npy",
                ])
            }
            let drawn = try ["best", "\(best)"].map { try place.data("\(name)-\($0).npy") }
            #expect(drawn[0] == drawn[1])
        }
    }

    @Test("are kept by a run that goes on, and are never one that it goes back behind")
    func resumed() throws {
        let place = try SmallImages.place()
        let settings = Self.settings(keep: 1, best: "slicedW1")
        for (name, steps) in [("whole", 8), ("parts", 3)] {
            try place.succeed(
                ["train", "small.yaml", "--steps", "\(steps)", "--out", name] + settings)
        }
        for steps in [4, 8] {
            try place.succeed(["resume", "parts", "--steps", "\(steps)", "--quiet"])
        }
        let (whole, parts) = (
            try checkpoints("whole", in: place), try checkpoints("parts", in: place)
        )
        #expect(parts.map(\.step) == whole.map(\.step))
        #expect(parts.map(\.metrics) == whole.map(\.metrics))
        #expect(parts.allSatisfy { $0.metrics.keys.elementsEqual(["slicedW1"]) })
    }

    @Test("are those on the data of now, where a run goes on with other data")
    func otherData() throws {
        let place = try Workplace()
        try place.succeed(
            ["train", "mixture", "--steps", "3", "--out", "run"]
                + Self.settings(keep: 9, best: "slicedW1"))
        try place.succeed([
            "resume", "run", "--steps", "5", "--set", "data.mixtureGrid.modes=9", "--quiet",
        ])
        let best = try best(checkpoints("run", in: place).filter { $0.step > 3 }, "slicedW1")
        for weights in ["best", "\(best)"] {
            try place.succeed(
                ["sample", "run", "--weights", weights, "--out", "\(weights).npy"])
        }
        #expect(try place.data("best.npy") == place.data("\(best).npy"))
    }

    @Test("are passed over where they are damaged, and missed where there is none")
    func missing() throws {
        let place = try Workplace()
        try place.succeed(
            ["train", "mixture", "--steps", "3", "--out", "run"]
                + Self.settings(keep: 9, best: "exactW1"))
        let files = try checkpoints("run", in: place)
        let first = try best(files, "exactW1")
        let path = "run/checkpoints/step-\(first).safetensors"
        var bytes = try place.data(path)
        bytes[bytes.count - 100] ^= 1
        try place.write(bytes, to: path)
        let second = try best(files.filter { $0.step != first }, "exactW1")
        for weights in ["best", "\(second)"] {
            try place.succeed(
                ["sample", "run", "--weights", weights, "--out", "\(weights).npy"])
        }
        #expect(try place.data("best.npy") == place.data("\(second).npy"))

        try FileManager.default.removeItem(at: place.url("run/checkpoints"))
        try expectRefusal(
            ["sample", "run", "--weights", "best", "--out", "x.npy"],
            saying: ["run has no checkpoint with a measured exactW1"], in: place)
        try place.succeed(["train", "mixture", "--steps", "2", "--out", "plain", "--quiet"])
        try expectRefusal(
            ["export", "plain", "--weights", "best", "--out", "x.safetensors"],
            saying: ["plain keeps no best checkpoint", "outputs.checkpoints.best"], in: place)
    }

    @Test("are chosen by what a classifier sees of digits", arguments: ["fid", "kid"])
    func digits(measure: String) throws {
        guard SharedData.isPresent else {
            Swift.print("skipped: no MNIST at \(SharedData.folder)")
            return
        }
        let place = try Workplace()
        let arguments = [
            "train", "mnist-dcgan", "--steps", "2", "--data", SharedData.path("mnist"), "--set",
            "outputs.samples=null",
        ]
        try place.succeed(
            arguments + ["--out", "run"] + Self.settings(keep: 9, best: measure))
        let values = try checkpoints("run", in: place).map { try #require($0.metrics[measure]) }
        #expect(values.count == 2 && values.allSatisfy { $0 > 0 } && values[0] != values[1])
        try place.succeed(
            arguments + ["--out", "plain", "--quiet", "--set", "outputs.checkpoints.every=1"])
        try ResumeTests.expectEqual("run", "plain", excepting: ["config.yaml"], in: place)
    }

    @Test(
        "are not chosen by what says nothing of a generator",
        arguments: [
            "wassersteinEstimate", "criticLoss", "generatorLoss", "criticOnReal",
            "criticOnGenerated", "penalty",
        ])
    func meaningless(name: String) throws {
        let place = try SmallImages.place()
        for (training, known) in [("mixture", "exactW1 or slicedW1"), ("small.yaml", "slicedW1")] {
            try expectRefusal(
                ["train", training, "--set", "outputs.checkpoints.best=\(name)"],
                saying: [
                    "'outputs.checkpoints.best' is \(name), whose lowest value is not the best "
                        + "generator", "; give \(known)\n",
                ], in: place)
        }
    }

    @Test("are not chosen by measures of other data, nor by names of none")
    func unsuited() throws {
        let place = try SmallImages.place()
        for (training, name, reason) in [
            ("small.yaml", "exactW1", "which needs points, and the data is images"),
            ("small.yaml", "fid", "which needs images of MNIST or Fashion-MNIST"),
            ("mixture", "kid", "which needs images of MNIST or Fashion-MNIST"),
            ("mixture", "psnr", "must be one of exactW1, fid, kid, slicedW1, but is"),
            ("mixture", "''", "must be one of exactW1, fid, kid, slicedW1, but is"),
        ] {
            try expectRefusal(
                ["train", training, "--set", "outputs.checkpoints.best=\(name)"],
                saying: ["'outputs.checkpoints.best'", reason], in: place)
        }
    }

    @Test("of a run that an earlier version began by a loss are none, and the run is readable")
    func earlierVersion() throws {
        let place = try SmallImages.place()
        try place.succeed(
            ["train", "small.yaml", "--out", "run"] + Self.settings(keep: 1, best: "slicedW1"))
        let yaml = try place.text("run/config.yaml")
            .replacing("best: slicedW1", with: "best: penalty")
        #expect(yaml.contains("best: penalty"))
        try place.write(yaml, to: "run/config.yaml")
        try place.succeed(["sample", "run", "--out", "x.png"])
        try place.succeed(["report", "run"])
        let best = "outputs.checkpoints.best"
        try expectRefusal(
            ["resume", "run", "--set", "\(best)=penalty"],
            saying: ["'\(best)' is penalty, whose lowest value"], in: place)
        try expectRefusal(
            ["train", "run/config.yaml"], saying: ["'\(best)' is penalty"], in: place)
        try place.succeed([
            "resume", "run", "--steps", "6", "--quiet", "--set", "\(best)=slicedW1",
        ])
        #expect(try checkpoints("run", in: place).last?.metrics["slicedW1"] != nil)
    }
}
