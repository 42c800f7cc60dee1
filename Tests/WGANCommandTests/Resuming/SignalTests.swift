import Foundation
import Runs
import Testing

@Suite("Signals that ask a training to end")
struct SignalTests {
    /// Settings of a training that goes on until it is told to end.
    private static let endless = [
        "train", "small.yaml", "--steps", "100000000", "--out", "run", "--set", sampling,
    ]
    private static let sampling =
        "outputs={samples: {every: 500, count: 1}, metrics: {every: 1000000}}"

    @Test(
        "the first one saves the state, tells how to go on, and no bit is lost",
        arguments: [
            (SIGINT, 130, "an interruption"), (SIGTERM, 143, "a request to end"),
            (SIGHUP, 129, "the end of its terminal"),
        ])
    func first(signal: Int32, code: Int32, name: String) throws {
        let place = try SmallImages.place()
        let training = try place.start(Self.endless)
        try training.wait(for: "run/samples/step-000500.png", in: place)
        training.send(signal)
        let outcome = try training.end()
        #expect(outcome.code == code)
        let said = try #require(outcome.errors.split(separator: "\n").last)
        #expect(said.hasPrefix("wgan: stopped by \(name) and saved at step "))
        #expect(said.hasSuffix("; go on with: wgan resume run"))
        let step = try #require(said.firstMatch(of: /at step ([0-9]+);/).flatMap { Int($0.1) })
        let steps = "\(step + 3)"
        try place.succeed(["resume", "run", "--steps", steps, "--quiet"])
        try place.succeed([
            "train", "run/config.yaml", "--steps", steps, "--quiet", "--out", "whole",
        ])
        try ResumeTests.expectEqual("run", "whole", in: place)
    }

    /// Settings of a step of half a minute, with a schedule of 10000 updates.
    private static let slow = [
        "batchSize=16", "critic.layers=[flatten, {linear: 1000}, {linear: 2000}, {linear: 1}]",
    ].flatMap { ["--set", $0] }

    @Test(
        "the second one ends the process at once, within a step",
        arguments: [(SIGINT, SIGTERM), (SIGTERM, SIGINT), (SIGHUP, SIGHUP), (SIGINT, SIGHUP)])
    func second(one: Int32, other: Int32) throws {
        let place = try SmallImages.place()
        let training = try place.start(
            Self.endless + Self.slow + ["--set", "schedule.fixed=10000"])
        try training.wait(for: "run/metrics.sqlite", in: place)
        Thread.sleep(forTimeInterval: 1)
        training.send(one)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(training.isRunning)
        training.send(other)
        #expect(try training.end().code == 128 + other)
        #expect(try !place.entries().contains("run/checkpoints"))
    }

    @Test(
        "one that comes twice at the same time, as from a closed terminal or timeout, is one",
        arguments: [SIGHUP, SIGTERM, SIGINT])
    func echo(signal: Int32) throws {
        let place = try SmallImages.place()
        let training = try place.start(
            Self.endless + Self.slow + ["--set", "schedule.fixed=10000"])
        try training.wait(for: "run/metrics.sqlite", in: place)
        Thread.sleep(forTimeInterval: 1)
        for _ in 0..<2 {
            training.send(signal)
            Thread.sleep(forTimeInterval: 0.02)
        }
        Thread.sleep(forTimeInterval: 0.5)
        #expect(training.isRunning)
        training.send(SIGINT)
        #expect(try training.end().code == 130)
    }

    /// A sweep of which the second run does not end by itself.
    private static let sweep = [
        "sweep", "small.yaml", "--over", "steps=4,100000000", "--out", "all", "--set", sampling,
    ]

    @Test(
        "in a later run of a sweep, the first one saves it, and the sweep can go on",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func sweep(signal: Int32) throws {
        let place = try SmallImages.place()
        let sweep = try place.start(Self.sweep)
        try sweep.wait(for: "all/steps-100000000/samples/step-000500.png", in: place)
        sweep.send(signal)
        let outcome = try sweep.end()
        #expect(outcome.code == 128 + signal)
        let said = try #require(outcome.errors.split(separator: "\n").last)
        let end = /saved at step ([0-9]+) of .*all\/steps-100000000; start the same sweep again/
        let step = try #require(said.firstMatch(of: end).flatMap { Int($0.1) })
        let run = try RunFolder(opening: place.url("all/steps-100000000"))
        #expect(try CheckpointStore(in: run).latest().checkpoint?.step == step)
        let again = try place.start(Self.sweep)
        let next = String(format: "step-%06d.png", step / 500 * 500 + 500)
        try again.wait(for: "all/steps-100000000/samples/\(next)", in: place)
        again.send(signal)
        #expect(try again.end().code == 128 + signal)
        #expect(try place.text("all/steps-4/summary.json").contains("\"steps\":4"))
    }

    @Test("in the first and in a later run of a sweep, the second one ends it at once")
    func secondInSweep() throws {
        for updates in ["10000,1", "1,10000"] {
            let place = try SmallImages.place()
            let arguments = ["sweep", "small.yaml", "--over", "schedule.fixed=\(updates)"]
            let sweep = try place.start(arguments + ["--out", "all"] + Self.slow)
            try sweep.wait(for: "all/fixed-10000/metrics.sqlite", in: place)
            Thread.sleep(forTimeInterval: 1)
            for _ in 0..<2 {
                #expect(sweep.isRunning)
                sweep.send(SIGINT)
                Thread.sleep(forTimeInterval: 0.5)
            }
            #expect(!sweep.isRunning)
            #expect(try sweep.end().code == 130)
        }
    }

    @Test("those that the command was started to ignore stay ignored", arguments: [SIGHUP, SIGINT])
    func ignored(signal: Int32) throws {
        let place = try SmallImages.place()
        let training = try place.start(Self.endless, after: "trap '' \(signal)")
        try training.wait(for: "run/samples/step-000500.png", in: place)
        for _ in 0..<3 { training.send(signal) }
        try training.wait(for: "run/samples/step-002000.png", in: place)
        training.send(SIGTERM)
        #expect(try training.end().code == 143)
    }

    @Test("one that asks for a dump of memory does what the system does", arguments: ["yes", "no"])
    func quit(backtraces: String) throws {
        let place = try SmallImages.place()
        let training = try place.start(
            Self.endless + ["--quiet"], environment: ["SWIFT_BACKTRACE": "enable=\(backtraces)"],
            after: "ulimit -c 0")
        try training.wait(for: "run/samples/step-000500.png", in: place)
        training.send(SIGQUIT)
        let outcome = try training.end()
        #expect(outcome.signal == SIGQUIT)
        #expect(outcome.errors.isEmpty)
    }

    @Test("one that comes while the last figures are drawn ends at once, and resuming draws them")
    func afterTraining() throws {
        let place = try Workplace()
        let training = try place.start([
            "train", "mixture", "--steps", "300", "--out", "run",
            "--set", "outputs={frames: {every: 10, real: 20000, generated: 20000}}",
        ])
        try training.wait(for: "run/weights.safetensors", in: place)
        training.send(SIGINT)
        let outcome = try training.end()
        #expect(outcome.code == 130)
        #expect(
            outcome.errors.hasSuffix(
                "wgan: stopped by an interruption and saved at step 300; "
                    + "go on with: wgan resume run\n"))
        #expect(try !place.entries().contains { $0.hasSuffix(".partial") })
        try place.succeed(["resume", "run", "--quiet"])
        #expect(try place.entries().contains("run/figures/training.gif"))
    }
}

@Suite("Signals that end what has nothing to save")
struct EndedWorkTests {
    private static let works = [
        ["bench", "W1", "--iterations", "1000000"],
        ["distances", "--steps", "1000000", "--out", "figures", "--quiet"],
        ["sample", "run", "--count", "5000000", "--out", "samples.csv"],
        ["evaluate", "run", "--seeds", "100", "--samples", "5000"],
        ["compare", "run", "other", "--seeds", "100", "--samples", "5000"],
        ["measure", "w2", "a.csv", "b.csv"],
    ]

    @Test("end it at once with their exit codes, and leave no unfinished file")
    func end() throws {
        let place = try Workplace()
        for run in ["run", "other"] {
            try place.succeed(["train", "mixture", "--steps", "3", "--quiet", "--out", run])
        }
        for name in ["a", "b"] {
            let rows = (0..<10_000).map { _ in
                "\(Double.random(in: 0...1)),\(Double.random(in: 0...1))\n"
            }
            try place.write(rows.joined(), to: "\(name).csv")
        }
        let before = try place.entries()
        let signals = [SIGINT, SIGTERM, SIGHUP]
        for (index, arguments) in Self.works.enumerated() {
            let (signal, running) = (signals[index % 3], try place.start(arguments))
            Thread.sleep(forTimeInterval: 1)
            try #require(running.isRunning, "\(arguments) was done too early")
            running.send(signal)
            #expect(try running.end().code == 128 + signal, "\(arguments)")
        }
        let made = try place.entries().filter { !before.contains($0) }
        #expect(made.allSatisfy { $0.hasPrefix("figures") })
    }
}
