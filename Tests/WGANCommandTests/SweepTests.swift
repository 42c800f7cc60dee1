import Foundation
import Testing

@Suite("Sweeps")
struct SweepTests {
    private static let sweep = [
        "sweep", "small.yaml", "--over", "constraint.clipping.bound=0.01,0.1", "--out", "all",
    ]
    private static let runs = ["all/bound-0.01", "all/bound-0.1"]

    @Test("trains once for each value, and leaves a table and a picture")
    func sweep() throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan(Self.sweep + ["--quiet"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("bound  steps  wassersteinEstimate"))
        #expect(!lines[0].contains("exactW1"))
        for (run, bound) in zip(Self.runs, ["0.01", "0.1"]) {
            #expect(try place.text("\(run)/config.yaml").contains("bound: \(bound)\n"))
            #expect(try place.data("\(run)/figures/samples.png").isPNG)
        }
        #expect(try place.data("all/sweep.png").isPNG)
        let table = try place.text("all/sweep.csv").split(separator: "\n")
        #expect(table.map { $0.prefix { $0 != "," } } == ["bound", "0.01", "0.1"])
        #expect(table[0].hasPrefix("bound,steps,wassersteinEstimate,criticLoss,"))
    }

    @Test("goes on where it was: finished runs stay, unfinished ones are resumed")
    func again() throws {
        let place = try SmallImages.place()
        try #require(try place.wgan(Self.sweep + ["--quiet"]).code == 0)
        let weights = try Self.runs.map { try place.data("\($0)/weights.safetensors") }
        let made = try place.url(Self.runs[0] + "/weights.safetensors").creation()
        try FileManager.default.removeItem(at: place.url(Self.runs[1] + "/summary.json"))
        let outcome = try place.wgan(Self.sweep)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("bound 0.01: run 1 of 2, finished before"))
        #expect(outcome.errors.contains("bound 0.1: run 2 of 2, continued"))
        #expect(try place.url(Self.runs[0] + "/weights.safetensors").creation() == made)
        #expect(try Self.runs.map { try place.data("\($0)/weights.safetensors") } == weights)
    }

    @Test("begins a run anew whose process was ended before it had begun, and no other's folder")
    func beginnings() throws {
        let place = try SmallImages.place()
        try place.write("", to: Self.runs[0] + "/run.lock")
        try place.write("{}", to: Self.runs[0] + "/run.json")
        try place.write("x", to: Self.runs[0] + "/.\(UUID().uuidString).partial")
        let outcome = try place.wgan(Self.sweep)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("continued"))
        try place.write("mine", to: "others/bound-0.01/notes.txt")
        try expectRefusal(
            Array(Self.sweep.dropLast()) + ["others"], saying: ["holds another training"],
            in: place)
    }

    @Test("several settings make all combinations, and values with commas are one")
    func combinations() throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "sweep", "small.yaml", "--quiet", "--over", "seed=1,2", "--over",
            "outputs={metrics: {every: 1}, snapshots: 0},{metrics: {every: 2}}", "--steps", "2",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: place.url("runs/small-over-seed-outputs").path)
        #expect(folders.filter { $0.hasPrefix("seed-") }.count == 4)
    }

    @Test("is refused before any run where an argument or an earlier sweep is in the way")
    func refusals() throws {
        let place = try SmallImages.place()
        let sweep = ["sweep", "small.yaml", "--quiet"]
        try #require(try place.wgan(Self.sweep + ["--quiet", "--steps", "1"]).code == 0)
        for (arguments, fragments) in [
            (sweep + ["--over", "seed"], ["--over seed", "key=a,b,c"]),
            (sweep + ["--over", "seed=1,,2"], ["lacks a key or a value"]),
            (sweep + ["--over", "seed=1,1"], ["twice"]),
            (sweep + ["--over", "seed=1", "--over", "seed=2"], ["twice", "at once"]),
            (sweep + ["--over", "batchSize=8,0"], ["batchSize"]),
            (sweep + ["--over", "batchsize=1,2"], ["batchsize", "did you mean 'batchSize'?"]),
            (Self.sweep, ["all/bound-0.01", "another training", "--out"]),
        ] {
            try expectRefusal(arguments, saying: fragments, in: place)
        }
        try expectUsageErrorWithoutOver()
    }

    private func expectUsageErrorWithoutOver() throws {
        try expectUsageError(
            ["sweep", "mixture"], saying: "Missing expected argument '--over", in: Workplace())
    }
}

extension URL {
    /// When the file was made or last replaced.
    fileprivate func creation() throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
}
