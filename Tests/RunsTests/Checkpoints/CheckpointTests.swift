import ArrayFiles
import FileTestSupport
import Files
import Foundation
import PythonTestSupport
import Testing

@testable import Runs

@Suite("Checkpoints")
struct CheckpointTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
    }

    static func sample(step: Int, loss: Double? = nil, size: Int = 6) -> Checkpoint {
        Checkpoint(
            step: step,
            tensors: [
                ("critic.0.weight", [size / 2, 2], (0..<size).map { Float($0 + step) }),
                ("ema.none", [0, 3], []), ("ema.empty", [0], []), ("scalar", [], [Float(step)]),
            ], counters: ["criticUpdates": UInt64(5 * step), "seed": .max, "data.batch": 1 << 63],
            configuration: "a: é\n", texts: ["schedule": "linear"],
            metrics: loss.map { ["loss": $0] } ?? [:])
    }

    private func store(last: Int = 3, best: String? = nil) throws -> CheckpointStore {
        try CheckpointStore(in: run, keeping: .init(last: last, best: best))
    }

    @Test("Everything comes back with the same bits")
    func roundTrip() throws {
        var checkpoint = Self.sample(step: 12)
        let bits: [UInt32] = [0x7FC0_1234, 0xFF80_0000, 1, 0x8000_0000, 0x7F80_0001, 0xFFFF_FFFF]
        checkpoint.tensors.append(("odd", [6], bits.map(Float.init(bitPattern:))))
        checkpoint.metrics = ["a": 0.1, "nan": .nan, "inf": -.infinity, "zero": -0.0]
        let entry = try store().write(checkpoint)
        #expect(entry.url.lastPathComponent == "step-12.safetensors")
        let (found, notes) = try store().latest()
        let file = try #require(found)
        #expect(notes.isEmpty && file.step == 12)
        #expect(file.configuration == "a: é\n" && file.texts == ["schedule": "linear"])
        #expect(file.configurationHash == Checkpoint.hash(ofConfiguration: "a: é\n"))
        #expect(file.metrics["a"] == 0.1 && file.metrics["nan"]?.isNaN == true)
        #expect(file.metrics["inf"] == -.infinity && file.metrics["zero"]?.sign == .minus)
        #expect(file.counters == ["criticUpdates", "data.batch", "seed"])
        #expect(try file.counter("seed") == .max && file.counter("data.batch") == 1 << 63)
        #expect(Set(file.tensorNames) == Set(checkpoint.tensors.map(\.name)))
        for tensor in checkpoint.tensors {
            let read = try file.tensor(named: tensor.name)
            #expect(try file.shape(of: tensor.name) == tensor.shape && read.shape == tensor.shape)
            #expect(read.values.map(\.bitPattern) == tensor.values.map(\.bitPattern))
        }
    }

    @Test("Equal checkpoints have equal bytes")
    func deterministic() throws {
        let url = try store().write(Self.sample(step: 1, loss: 2)).url
        let first = try Data(contentsOf: url)
        try store().write(Self.sample(step: 1, loss: 2))
        #expect(try Data(contentsOf: url) == first)
    }

    @Test("A run without checkpoints has no latest one, and no folder of them")
    func none() throws {
        let store = try store(best: "loss")
        #expect(try store.list().isEmpty && store.latest().checkpoint == nil)
        #expect(try store.best() == nil)
        #expect(throws: FileFailure.self) { try store.checkpoint(atStep: 1) }
        #expect(!Folder.isFolder(run.url.appendingPathComponent("checkpoints").path))
    }

    @Test("The last ones and the best are kept")
    func retention() throws {
        let store = try store(last: 2, best: "loss")
        let losses: [Double?] = [3, 1, .nan, 1, 2, nil, -.infinity, 5]
        for (step, loss) in losses.enumerated() {
            try store.write(Self.sample(step: step, loss: loss))
        }
        // Of the two equal ones the later; neither an infinity nor nothing is best.
        #expect(try store.list().map(\.step) == [3, 6, 7])
        #expect(try store.best()?.step == 3)
        try store.write(Self.sample(step: 8, loss: 0.5))
        #expect(try store.list().map(\.step) == [7, 8])
        #expect(try self.store().best() == nil)
    }

    @Test("What was measured on something else does not count for the best")
    func measuredOnOther() throws {
        for (step, place) in ["a", "b", "a", nil, "b"].enumerated() {
            var checkpoint = Self.sample(step: step, loss: Double(step))
            checkpoint.texts[Checkpoint.measuredOn] = place
            try store(last: 9).write(checkpoint)
        }
        for (place, best) in [("a", 0), ("b", 1), (nil, 3)] {
            let retention = CheckpointStore.Retention(best: "loss", measuredOn: place)
            #expect(try CheckpointStore(in: run, keeping: retention).best()?.step == best)
        }
    }

    @Test("Later checkpoints are dropped when a run goes on from an earlier one")
    func removal() throws {
        let store = try store(last: 10)
        for step in [5, 10, 100] { try store.write(Self.sample(step: step)) }
        try store.removeAll(after: 10)
        #expect(try store.list().map(\.step) == [5, 10])
    }

    @Test("Files of other names, and what killed writers left, are no checkpoints")
    func otherFiles() throws {
        let store = try store()
        try store.write(Self.sample(step: 5))
        let folder = run.url.appendingPathComponent("checkpoints")
        let others = [
            "step-06.safetensors", "step--1.safetensors", "step-.safetensors", "step-7", "notes",
            "step-99999999999999999999.safetensors",
        ]
        for name in others + [".\(UUID()).partial"] {
            try Data("x".utf8).write(to: folder.appendingPathComponent(name))
        }
        #expect(try store.list().map(\.step) == [5])
        try store.write(Self.sample(step: 6))
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(found) == Set(others + ["step-5.safetensors", "step-6.safetensors"]))
    }

    @Test("What makes no sense is refused, and nothing is written")
    func unwritable() throws {
        let store = try store()
        let taken = Checkpoint(step: 1, tensors: [("checkpoint.checks", [1], [0])])
        #expect(throws: CheckpointFailure.unwritable("checkpoint.checks")) {
            try store.write(taken)
        }
        #expect(throws: CheckpointFailure.self) {
            try store.write(Checkpoint(step: -1, tensors: []))
        }
        for tensors: [Safetensors.Tensor] in [
            [("a", [2], [1])], [("a", [1], [1]), ("a", [1], [1])],
        ] {
            #expect(throws: FormatFailure.self) {
                try store.write(Checkpoint(step: 1, tensors: tensors))
            }
        }
        #expect(try store.list().isEmpty)
    }

    @Test("What a checkpoint does not have is named")
    func missing() throws {
        try store().write(Self.sample(step: 1))
        let file = try store().checkpoint(atStep: 1)
        #expect(throws: CheckpointFailure.self) { try file.tensor(named: "checkpoint.checks") }
        #expect(throws: CheckpointFailure.self) { try file.shape(of: "x") }
        let failure = #expect(throws: CheckpointFailure.self) { try file.counter("critcUpdates") }
        #expect(failure?.description.contains("has no 'critcUpdates'") == true)
    }

    @Test(
        "Python reads a checkpoint as safetensors",
        .enabled(if: Python.hasSafetensors, "needs Python with numpy and safetensors"))
    func pythonReads() throws {
        let url = try store().write(Self.sample(step: 3)).url
        let program = """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], "np") as f:
                print(f.metadata()["step"], f.get_tensor("scalar"),
                    f.get_tensor("checkpoint.counter.seed"), f.get_tensor("critic.0.weight").shape)
            """
        #expect(try Python.run(program, url.path) == "3 3.0 18446744073709551615 (3, 2)")
    }
}
