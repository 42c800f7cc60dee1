import Foundation
import Runs
import Testing

@Suite("Signals that ask a training to end")
struct SignalTests {
    /// Settings of a training that goes on until it is told to end.
    private static let endless = [
        "train", "small.yaml", "--steps", "100000000", "--out", "run", "--set",
        "outputs={samples: {every: 500, count: 1}, metrics: {every: 1000000}}",
    ]

    @Test(
        "the first one saves the state, tells how to go on, and no bit is lost",
        arguments: [(SIGINT, 130, "an interruption"), (SIGTERM, 143, "a request to end")])
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

    @Test("the second one ends the process at once, within a step")
    func second() throws {
        let place = try SmallImages.place()
        // A step of half a minute.
        let training = try place.start(
            Self.endless + [
                "--set", "schedule.fixed=10000", "--set", "batchSize=16", "--set",
                "critic.layers=[flatten, {linear: 1000}, {linear: 2000}, {linear: 1}]",
            ])
        try training.wait(for: "run/config.yaml", in: place)
        Thread.sleep(forTimeInterval: 1)
        training.send(SIGINT)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(training.isRunning)
        training.send(SIGTERM)
        #expect(try training.end().code == 143)
        #expect(try !place.entries().contains("run/checkpoints"))
    }
}
