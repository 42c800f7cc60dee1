import Foundation
import Runs
import Testing

@Suite("Trainings that go on")
struct ResumeTests {
    /// What no process that trains may leave otherwise than another: figures as text and pixels,
    /// frames, numbers. Summaries hold times, and PDF files dates.
    static func files(in run: String, of place: Workplace) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: place.url(run).path)
        return all.filter { path in
            ["yaml", "png", "svg", "gif"].contains(URL(filePath: path).pathExtension)
                || path == "weights.safetensors"
        }.sorted()
    }

    /// Expects that two runs have left the same.
    ///
    /// - Parameter exceptions: Files that may differ.
    static func expectEqual(
        _ run: String, _ other: String, excepting exceptions: Set<String> = [],
        in place: Workplace, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let names = try files(in: other, of: place)
        #expect(try files(in: run, of: place) == names, sourceLocation: sourceLocation)
        for name in names where !exceptions.contains(name) {
            let isEqual = try place.data("\(run)/\(name)") == place.data("\(other)/\(name)")
            #expect(isEqual, "\(name)", sourceLocation: sourceLocation)
        }
        let tables = try [run, other].map { name in
            let history = try MetricHistory(in: RunFolder(opening: place.url(name)))
            return try MetricsTable(history.series()).csv()
        }
        #expect(tables[0] == tables[1], "the metrics", sourceLocation: sourceLocation)
    }

    @Test("in three parts leave the files of one in the plane: numbers, frames, figures")
    func points() throws {
        let place = try Workplace()
        // Snapshots divide the length of a training evenly, which is not known beforehand.
        let settings =
            [
                "outputs.audit={every: 7, samples: 20}", "outputs.snapshots=0",
                "outputs.panels={every: 4, count: 20}",
            ].flatMap { ["--set", $0] } + ["--quiet"]
        try place.succeed(["train", "mixture", "--steps", "30", "--out", "whole"] + settings)
        try place.succeed(["train", "mixture", "--steps", "11", "--out", "parts"] + settings)
        try place.succeed(["resume", "parts", "--steps", "12", "--quiet"])
        try place.succeed(["resume", "parts", "--steps", "30", "--quiet"])
        try Self.expectEqual("parts", "whole", in: place)
        #expect(
            try FileManager.default.contentsOfDirectory(
                atPath: place.url("parts/frames").path
            ).count == 3)
    }

    @Test("in two parts leave the files of one on images, also without checkpoints at the end")
    func images() throws {
        let place = try SmallImages.place()
        let settings = [
            "--quiet", "--set", "averaging.decay=0.5", "--set",
            "outputs={samples: {every: 2, count: 3}, metrics: {every: 3}}",
        ]
        for (name, steps) in [("whole", 7), ("parts", 4), ("lost", 7)] {
            try place.succeed(
                ["train", "small.yaml", "--steps", "\(steps)", "--out", name] + settings)
        }
        try place.succeed(["resume", "parts", "--steps", "7", "--quiet"])
        try Self.expectEqual("parts", "whole", in: place)

        try FileManager.default.removeItem(at: place.url("lost/checkpoints"))
        let outcome = try place.wgan(["resume", "lost", "--json"])
        #expect(outcome.code == 0)
        #expect(
            outcome.errors.contains("note: lost has no checkpoint; it goes on from lost/weights"))
        #expect(outcome.errors.contains("note: nothing is left of 7 steps"))
        try Self.expectEqual("lost", "whole", in: place)
    }

    @Test("a damaged checkpoint is passed over with a note, and the bits are the same")
    func damage() throws {
        let place = try SmallImages.place()
        let settings = ["--steps", "6", "--set", "outputs.checkpoints.every=2", "--quiet"]
        for name in ["whole", "parts"] {
            try place.succeed(["train", "small.yaml", "--out", name] + settings)
        }
        var bytes = try place.data("parts/checkpoints/step-6.safetensors")
        bytes[bytes.count - 100] ^= 1
        try place.write(bytes, to: "parts/checkpoints/step-6.safetensors")
        let outcome = try place.wgan(["resume", "parts"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("note: The checkpoint"))
        #expect(outcome.errors.contains("step-6.safetensors' cannot be used"))
        try Self.expectEqual("parts", "whole", in: place)
    }

    @Test("a finished training is finished once more, and told how to be extended")
    func finished() throws {
        let place = try SmallImages.place()
        try place.succeed(["train", "small.yaml", "--quiet", "--out", "run"])
        try FileManager.default.removeItem(at: place.url("run/weights.safetensors"))
        let outcome = try place.wgan(["resume", "run"])
        #expect(outcome.code == 0)
        #expect(
            outcome.errors.contains(
                "note: nothing is left of 4 steps; to go on, give --steps and a larger number"))
        #expect(try place.entries().contains("run/weights.safetensors"))
    }
}
