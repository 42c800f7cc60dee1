import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("What is left behind")
struct ObserverTests {
    /// All state of a training in each of its checkpoints.
    private func states(_ run: String, in place: Workplace) throws -> [[String: [UInt64]]] {
        let store = try CheckpointStore(in: RunFolder(opening: place.url(run)))
        return try store.list().map { entry in
            let file = try store.checkpoint(atStep: entry.step)
            var state: [String: [UInt64]] = ["step": [UInt64(file.step)]]
            for name in file.counters { state[name] = [try file.counter(name)] }
            for name in file.tensorNames {
                state[name] = try file.tensor(named: name).values.map { UInt64($0.bitPattern) }
            }
            return state
        }
    }

    /// Trains with and without everything that can be left behind, and expects the same training.
    private func compare(
        _ training: [String], _ bare: String, _ rich: String, in place: Workplace
    ) throws {
        for (name, outputs) in [("bare", bare), ("rich", rich)] {
            try place.succeed(
                training + ["--quiet", "--out", name, "--set", "outputs={\(outputs)}"])
        }
        let states = try ["bare", "rich"].map { try self.states($0, in: place) }
        #expect(states[0].count > 3 && states[0] == states[1])
        #expect(
            try place.data("rich/weights.safetensors") == place.data("bare/weights.safetensors"))
        let tables = try ["bare", "rich"].map { name in
            let history = try MetricHistory(in: RunFolder(opening: place.url(name)))
            let losses = try Set(history.names().filter { !$0.hasPrefix("audit/") })
            return try MetricsTable(history.series(of: losses)).csv()
        }
        #expect(!tables[0].isEmpty && tables[0] == tables[1])
    }

    private static let checkpoints = "every: 13, keep: 99, minutes: null"

    @Test(
        "of points changes no bit of the training", arguments: ["exactW1", "slicedW1"])
    func points(measure: String) throws {
        try compare(
            [
                "train", "mixture", "--steps", "40", "--set", "averaging.decay=0.9",
            ], "events: none, checkpoints: {\(Self.checkpoints)}",
            "frames: {every: 1, generated: 30, limit: 8}, snapshots: 6, "
                + "panels: {every: 3, count: 20}, audit: {every: 5, samples: 20}, "
                + "weights: {every: 9}, events: {tensorBoard: {histogramsEvery: 4}}, "
                + "checkpoints: {\(Self.checkpoints), best: \(measure)}", in: Workplace())
    }

    @Test("of images changes no bit of the training, though the data is read for it")
    func images() throws {
        let place = try SmallImages.place()
        try compare(
            ["train", "small.yaml", "--steps", "40"],
            "events: none, checkpoints: {\(Self.checkpoints)}",
            "samples: {every: 3, count: 4}, panels: {every: 4, count: 4}, "
                + "audit: {every: 5, samples: 20}, weights: {everyEpochs: 2}, "
                + "events: {tensorBoard: {histogramsEvery: 4}}, "
                + "checkpoints: {\(Self.checkpoints), best: slicedW1}", in: place)
    }
}
