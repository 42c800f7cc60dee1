import FileTestSupport
import Foundation
import Testing
import WGAN

@testable import Runs

/// The example of a program that trains networks of its own and records them in a run.
@Suite("Programs that train")
struct ProgramRunTests {
    @Test("that are killed at any moment go on to the bits of one left alone")
    func kills() throws {
        let place = try Workplace()
        func start(_ run: String) throws -> RunningCommand {
            try place.start([run], program: "two-networks")
        }
        let begin = ContinuousClock.now
        let whole = try start("whole").end()
        #expect(whole.code == 0 && whole.output.contains("exact W₁"), "\(whole.errors)")
        let duration = (ContinuousClock.now - begin) / .seconds(1)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<Repetitions.count("WGAN_TEST_KILLS", default: 6) {
            let running = try start("run")
            Thread.sleep(forTimeInterval: .random(in: 0...duration, using: &random))
            running.send(SIGKILL)
            _ = try running.end()
        }
        let rest = try start("run").end()
        #expect(rest.code == 0, "\(rest.errors)")
        let name = Weights.path
        #expect(try place.data("run/\(name)") == place.data("whole/\(name)"))
        let curves = try ["run", "whole"].map { run in
            try MetricHistory(in: RunFolder(opening: place.url(run))).series(
                of: ["criticLoss", "generatorLoss"])
        }
        #expect(curves[0].mapValues(\.steps) == curves[1].mapValues(\.steps))
        #expect(curves[0].mapValues(\.values) == curves[1].mapValues(\.values))
        // Started once more it has nothing left to do, and says the same.
        #expect(try start("run").end().code == 0)
        #expect(try place.data("run/\(name)") == place.data("whole/\(name)"))
    }

    @Test("leave runs that the command reads, and says of which only the program can go on")
    func command() throws {
        let place = try Workplace()
        #expect(try place.start(["mine"], program: "two-networks").end().code == 0)
        try place.succeed(["metrics", "mine"])
        try place.succeed(["report", "mine"])
        #expect(try place.text("mine/report.html").contains("mine"))
        for arguments in [
            ["resume", "mine"], ["sample", "mine", "--out", "a.npy"], ["evaluate", "mine"],
        ] {
            let outcome = try place.wgan(arguments)
            #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("is of a program"), "\(arguments): \(outcome.errors)")
        }
    }

    @Test("are refused the runs of presets and folders that are no runs")
    func others() throws {
        let place = try Workplace()
        try place.succeed(["train", "mixture", "--steps", "2", "--quiet", "--out", "preset"])
        try place.write("x", to: "other/file")
        for folder in ["preset", "other"] {
            let before = try place.entries()
            let outcome = try place.start([folder], program: "two-networks").end()
            #expect(outcome.code != 0)
            #expect(try place.entries() == before)
        }
    }

    @Test("begin where a process was ended before it wrote anything, and in no other folder")
    func leftovers() throws {
        let place = try Workplace()
        try place.write("", to: "mine/run.lock")
        try place.write("x", to: "mine/.\(UUID().uuidString).partial")
        #expect(try !Run(continuing: place.url("mine")).isResumed)
        try place.write("x", to: "photos/a.png")
        let before = try place.entries()
        #expect(throws: RunFailure.notEmpty(path: place.url("photos").path)) {
            try Run(continuing: place.url("photos"))
        }
        #expect(try place.entries() == before)
    }

    @Test("a run that was stopped goes on in the same process, to the bits of one left alone")
    func stopped() throws {
        let place = try Workplace()
        let request = TrainingRequest("mixture", steps: 30, threads: 1)
        try Run.create(for: request, at: place.url("whole")).train()
        let run = try Run.create(for: request, at: place.url("run"))
        let trainer = try #require(run.training).trainer
        #expect(throws: RunFailure.self) { try run.resume() }
        run.shouldStop = { trainer.step == 10 }
        #expect(throws: TrainingStopped.self) { try run.train() }
        run.shouldStop = { false }
        #expect(try run.resume().steps == 30)
        let record = try #require(try RunRecord.of(run.folder))
        #expect(record.hasCheckpoint && record.sessions.count == 1)
        #expect(try place.data("run/\(Weights.path)") == place.data("whole/\(Weights.path)"))
    }

    @Test("outputs that make no sense are refused before a step is done")
    func outputs() throws {
        let place = try Workplace()
        let run = try Run.create(
            for: TrainingRequest("mixture", steps: 3, threads: 1), at: place.url("run"))
        for change in [
            { (outputs: inout OutputConfiguration) in outputs.metricsEvery = 0 },
            { $0.checkpoints.every = -1 }, { $0.checkpoints.best = .fid },
            { $0.weights = .steps(0) },
        ] as [(inout OutputConfiguration) -> Void] {
            let before = run.outputs
            change(&run.outputs)
            #expect(throws: RunFailure.self) { try run.train() }
            run.outputs = before
        }
        #expect(try run.train().steps == 3)
    }
}
