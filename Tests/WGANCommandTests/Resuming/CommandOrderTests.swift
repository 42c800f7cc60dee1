import ArrayFiles
import Foundation
import Runs
import Testing

@Suite("Commands in any order: nothing that exists is replaced by a beginning")
struct CommandOrderTests {
    private let place: Workplace

    init() throws { place = try SmallImages.place() }

    private func train(_ arguments: String..., out: String = "run") throws {
        try place.succeed(["train", "small.yaml", "--quiet", "--out", out] + arguments)
    }

    private func remove(_ path: String) throws {
        try FileManager.default.removeItem(at: place.url(path))
    }

    /// Runs the command to a success, and gives what it said on standard error.
    private func said(_ arguments: String...) throws -> String {
        let outcome = try place.wgan(arguments)
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        return outcome.errors
    }

    private func tensors(_ path: String) throws -> [String: [Float]] {
        let file = try SafetensorsFile(contentsOf: place.url(path))
        return try Dictionary(
            uniqueKeysWithValues: file.tensorNames.map { ($0, try file.tensor(named: $0).values) })
    }

    @Test("an imported run trains on from the imported weights, also after a kill")
    func importThenResume() throws {
        try train("--steps", "3", out: "first")
        try place.succeed([
            "import", "first/weights.safetensors", "--as", "first", "--out", "run", "--set",
            "generator.optimiser.rmsprop.learningRate=1e-30", "--set",
            "critic.optimiser.rmsprop.learningRate=1e-30", "--set", "steps=2",
        ])
        let imported = try tensors("run/weights.safetensors")
        #expect(try imported == tensors("first/weights.safetensors"))
        let note = try said("resume", "run")
        #expect(
            note.contains(
                "note: the training begins with the weights imported from "
                    + "\(place.url("first/weights.safetensors").path)"))
        #expect(note.contains("note: the optimisers begin anew"))
        // Steps of next to no size leave the weights as they are.
        #expect(try tensors("run/weights.safetensors") == imported)
        #expect(try place.text("run/report.html").contains("Finished after 2 steps"))
        #expect(
            try place.text("run/report.html").contains("the run began with the weights of /"))
        // From here on there are checkpoints.
        #expect(try !said("resume", "run", "--steps", "3").contains("begins with"))
    }

    @Test("a finished run without checkpoints goes on from its weights, and keeps its measures")
    func lostCheckpoints() throws {
        try train("--steps", "4", "--set", "generator.optimiser.rmsprop.learningRate=1e-30")
        let before = try tensors("run/weights.safetensors")
        let generator = { (tensors: [String: [Float]]) in
            tensors.filter { $0.key.hasPrefix("generator") }
        }
        try remove("run/checkpoints")
        let note = try said("resume", "run", "--steps", "6")
        #expect(
            note.contains(
                "note: run has no checkpoint; it goes on from run/weights.safetensors at step 4"))
        #expect(try generator(tensors("run/weights.safetensors")) == generator(before))
        let history = try MetricHistory(in: RunFolder(opening: place.url("run")))
        #expect(try history.series()["criticLoss"]?.steps == Array(1...6))
        #expect(
            try place.text("run/report.html").contains("the optimisers began anew at step 4"))
        // Checkpoints that are there but all damaged are no reason to begin either.
        for entry in try CheckpointStore(in: RunFolder(opening: place.url("run"))).list() {
            try Data("damaged".utf8).write(to: entry.url)
        }
        #expect(try said("resume", "run", "--steps", "7").contains("from run/weights.safetensors"))
    }

    @Test(
        "a run that had checkpoints and has nothing left is refused, and stays as it is",
        arguments: ["gone", "empty", "damaged"])
    func nothingLeft(state: String) throws {
        try train("--steps", "4")
        try remove("run/weights.safetensors")
        let checkpoint = "run/checkpoints/step-4.safetensors"
        switch state {
        case "gone": try remove("run/checkpoints")
        case "empty": try remove(checkpoint)
        default: try place.write("damaged", to: checkpoint)
        }
        let metrics = try place.data("run/metrics.sqlite")
        try expectRefusal(
            ["resume", "run", "--steps", "5"],
            saying: [
                state == "damaged"
                    ? "run has only damaged checkpoints" : "run has no checkpoint left",
                "no weights to go on from; restore",
            ], in: place)
        #expect(try place.data("run/metrics.sqlite") == metrics)
        // Weights that were saved on the way are better than none.
        try train("--steps", "4", "--set", "outputs.weights.every=2", out: "other")
        try remove("other/weights.safetensors")
        try remove("other/checkpoints")
        #expect(
            try said("resume", "other", "--steps", "5").contains(
                "goes on from other/weights/step-000004.safetensors at step 4"))
    }

    @Test("sampling, exporting and judging a run that was interrupted take its newest checkpoint")
    func interrupted() throws {
        try train("--steps", "6", "--set", "outputs.checkpoints={every: 2, keep: 1000}")
        let final = try samples("--weights", "final")
        try remove("run/weights.safetensors")
        try remove("run/checkpoints/step-6.safetensors")
        let note =
            "note: run has not ended: its newest weights are used, the checkpoint of step 4\n"
        for arguments in [
            ["sample", "run", "--count", "2", "--out", "a.npy"],
            ["export", "run", "--out", "a.safetensors"], ["export", "run", "--out", "a.onnx"],
            ["evaluate", "run", "--samples", "10", "--seeds", "2"],
        ] {
            let outcome = try place.wgan(arguments)
            #expect(outcome.code == 0 && outcome.messages == note, "\(outcome.errors)")
        }
        #expect(
            try SafetensorsFile(contentsOf: place.url("a.safetensors")).metadata["step"] == "4")
        #expect(try samples() == samples("--weights", "4"))
        #expect(try samples("--weights", "newest") == samples("--weights", "step-4"))
        #expect(try samples() != final)
        try expectRefusal(
            ["sample", "run", "--out", "b.npy", "--weights", "6"],
            saying: ["run has no weights of step 6; it has those of 2, 4"], in: place)
        // A run that was extended and stopped has newer weights than those of its end.
        try place.succeed(["resume", "run", "--quiet"])
        #expect(try samples() == final)
        let running = try place.start(["resume", "run", "--steps", "100000000", "--quiet"])
        try running.wait(for: "run/checkpoints/step-12.safetensors", in: place)
        running.send(SIGINT)
        _ = try running.end()
        #expect(
            try said("sample", "run", "--out", "c.npy").contains(
                "run was trained on since its end after 6 steps, whose weights are --weights final")
        )
        #expect(try samples("--weights", "final") == final)
        try remove("run/checkpoints")
        try remove("run/weights.safetensors")
        for verb in [["sample", "run", "--out", "b.npy"], ["evaluate", "run"]] {
            try expectRefusal(verb, saying: ["run has no weights yet"], in: place)
        }
    }

    @Test("the best checkpoint is chosen by its name, where the run keeps one")
    func best() throws {
        try train("--steps", "3")
        try expectRefusal(
            ["sample", "run", "--out", "a.npy", "--weights", "best"],
            saying: ["run keeps no best checkpoint"], in: place)
        try expectRefusal(
            ["compare", "run", "run/../run", "--weights", "a.safetensors"],
            saying: ["one file for several runs"], in: place)
    }

    private func samples(_ arguments: String...) throws -> [Float] {
        try place.succeed(["sample", "run", "--count", "3", "--out", "s.npy"] + arguments)
        return try NumpyFile(contentsOf: place.url("s.npy")).values()
    }
}
