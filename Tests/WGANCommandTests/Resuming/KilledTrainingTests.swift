import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Killed trainings")
struct KilledTrainingTests {
    /// `WGAN_TEST_KILLS` raises the number.
    static let kills =
        ProcessInfo.processInfo.environment["WGAN_TEST_KILLS"].flatMap { Int($0) } ?? 6

    private static let settings = [
        "--quiet", "--set", "averaging.decay=0.9", "--set",
        "outputs={samples: {every: 20, count: 4}, metrics: {every: 5}, "
            + "checkpoints: {every: 5, minutes: null}}",
    ]

    @Test("at any moment leave a valid checkpoint, and in the end the bits of one left alone")
    func kills() throws { try Self.kill(Self.kills, device: "cpu") }

    @Test(
        "so do those on XLA",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence))
    func killsOnXLA() throws { try Self.kill(max(10, Self.kills), device: XLAPlugin.path) }

    private static func kill(_ kills: Int, device: String) throws {
        let place = try SmallImages.place()
        var random = SystemRandomNumberGenerator()
        var (steps, last) = (400, 0)
        let start = ContinuousClock.now
        try place.succeed(
            ["train", "small.yaml", "--steps", "1", "--quiet", "--out", "first"]
                + ["--device", device])
        let longest = (ContinuousClock.now - start) / .seconds(1) + 0.5
        var moments = (before: 0, training: 0, after: 0)
        for _ in 0..<kills {
            let running = try place.start(
                arguments(in: place, steps: steps, device: device))
            Thread.sleep(forTimeInterval: .random(in: 0...longest, using: &random))
            running.send(SIGKILL)
            let outcome = try running.end()
            let step = try checkedStep(in: place)
            #expect(step >= last, "a checkpoint was lost")
            switch (outcome.code, step) {
            case (nil, last): moments.before += 1
            case (nil, _): moments.training += 1
            default:
                #expect(outcome.code == 0, "\(outcome.errors)")
                moments.after += 1
            }
            last = step
            if step == steps { steps += 400 }
        }
        try place.succeed(arguments(in: place, steps: steps, device: device))
        try place.succeed(arguments(in: place, steps: steps, run: "whole", device: device))
        try ResumeTests.expectEqual("run", "whole", in: place)
        Swift.print(
            "\(kills) kills: \(moments.before) before a new checkpoint, \(moments.training) "
                + "while training, \(moments.after) ended before it; \(steps) steps")
    }

    /// What begins a run, or goes on with it once its folder is one.
    private static func arguments(
        in place: Workplace, steps: Int, run: String = "run", device: String
    ) -> [String] {
        let length = ["--steps", "\(steps)"]
        if FileManager.default.fileExists(atPath: place.url("\(run)/config.yaml").path) {
            return ["resume", run, "--quiet"] + length
        }
        try? FileManager.default.removeItem(at: place.url(run))
        return ["train", "small.yaml", "--out", run, "--device", device] + settings + length
    }

    /// The step of the newest checkpoint; every file that is named as one must be whole.
    private static func checkedStep(in place: Workplace) throws -> Int {
        guard FileManager.default.fileExists(atPath: place.url("run/config.yaml").path) else {
            return 0
        }
        let store = try CheckpointStore(in: RunFolder(opening: place.url("run")))
        let (file, notes) = try store.latest()
        #expect(notes.isEmpty)
        for entry in try store.list() { _ = try store.checkpoint(atStep: entry.step).state() }
        return file?.step ?? 0
    }
}
