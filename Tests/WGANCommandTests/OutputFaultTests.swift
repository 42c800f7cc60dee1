import Foundation
import Testing

@Suite("Results that cannot be written")
struct OutputFaultTests {
    /// A place with a trained run `run` and what else the verbs need.
    private static func place() throws -> Workplace {
        let place = try SmallImages.place()
        try place.succeed(["train", "small.yaml", "--quiet", "--out", "run"])
        try place.write("0,0\n1,0\n", to: "a.csv")
        try place.write("arch: MLP\npath: images\nout: out\nrun: 1\n", to: "foreign.yaml")
        return place
    }

    private static func trainPoints(in place: Workplace) throws {
        try place.succeed(["train", "mixture", "--steps", "3", "--quiet", "--out", "points"])
    }

    /// What prints a result, in a folder of ``place()``.
    private static let printing = [
        ["--help"], ["train", "--help"], ["help", "sweep"], ["--version"], ["presets"],
        ["presets", "mixture"], ["doctor"], ["measure", "--list"],
        ["--generate-completion-script", "bash"],
        ["measure", "w1", "a.csv", "a.csv"], ["measure", "w1", "a.csv", "a.csv", "--json"],
        ["metrics", "run"], ["metrics", "run", "--csv"], ["metrics", "run", "--json"],
        ["plan", "small.yaml"], ["plan", "small.yaml", "--show", "critic-program"],
        ["evaluate", "points", "--seeds", "1", "--samples", "10"], ["report", "run"],
        ["bench", "W1", "--iterations", "1"], ["bench", "W1", "--iterations", "1", "--json"],
    ]

    @Test(
        "end every verb with one sentence and exit code 1, whether the disk is full or nobody reads"
    )
    func everyVerb() throws {
        let place = try Self.place()
        try Self.trainPoints(in: place)
        for arguments in Self.printing {
            let full = try place.wgan(arguments, after: "exec >/dev/full")
            Self.expectFailure(full, "the disk is full or a quota is used up", arguments)
            let closed = try place.wgan(arguments, after: "exec >&-")
            Self.expectFailure(closed, "it is closed", arguments)
            let unread = try place.wgan(arguments, output: try Self.unreadPipe())
            Self.expectFailure(unread, "its reader has ended", arguments)
        }
    }

    private static func expectFailure(_ outcome: Outcome, _ cause: String, _ arguments: [String]) {
        let complaint = Comment(rawValue: "\(arguments): \(outcome)")
        let lines = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
        #expect(outcome.code == 1, complaint)
        #expect(lines.count == 1, complaint)
        #expect(
            lines.last?.hasPrefix("wgan: Cannot write the result to standard output: \(cause);")
                == true, complaint)
    }

    /// A pipe whose reader is gone.
    private static func unreadPipe() throws -> FileHandle {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        return pipe.fileHandleForWriting
    }

    /// What trains to the end, and where its last file is.
    private static let trainings = [
        (["train", "small.yaml", "--out", "new"], "new"),
        (["train", "small.yaml", "--out", "new", "--json"], "new"),
        (["resume", "run", "--steps", "8"], "run"),
        (["sweep", "small.yaml", "--over", "seed=1,2", "--out", "new"], "new/seed-2"),
    ]

    @Test("never end a training, which nobody needs to listen to")
    func trainings() throws {
        for (arguments, run) in Self.trainings {
            for setup in [">&-", "2>&-", "<&- >&- 2>&-"] {
                let place = try Self.place()
                let outcome = try place.wgan(arguments, after: "exec \(setup)")
                Self.expectWhole(outcome, run, in: place, "\(arguments) \(setup)")
            }
            let place = try Self.place()
            let pipe = try Self.unreadPipe()
            let outcome = try place.wgan(arguments, output: pipe, errors: pipe)
            Self.expectWhole(outcome, run, in: place, "\(arguments) with pipes that nobody reads")
        }
    }

    private static func expectWhole(
        _ outcome: Outcome, _ run: String, in place: Workplace, _ name: String
    ) {
        #expect(outcome.code == 0, "\(name): \(outcome)")
        #expect(throws: Never.self, "\(name)") {
            let summary = try place.text("\(run)/summary.json")
            #expect(summary.contains("\"steps\":\(run == "run" ? 8 : 4)"), "\(name): \(summary)")
            // No file of the run may have become the standard output or error.
            #expect(try place.text("\(run)/run.lock").isEmpty)
            try place.succeed(["metrics", run])
        }
    }

    @Test("leave a training whole that a full disk takes no summary of, and are told")
    func fullAfterTraining() throws {
        for (arguments, run) in Self.trainings {
            let place = try Self.place()
            let outcome = try place.wgan(arguments, after: "exec >/dev/full")
            #expect(outcome.code == 1)
            #expect(
                outcome.errors.hasSuffix(
                    "wgan: Cannot write the result to standard output: the disk is full or a quota "
                        + "is used up; free some space or redirect it elsewhere.\n"))
            let seed = run.replacing("seed-2", with: "seed-1")
            #expect(try place.entries().contains("\(seed)/summary.json"))
        }
    }

    @Test("because of a limit to the size of files are told, and nothing unfinished stays")
    func sizeLimit() throws {
        let place = try Self.place()
        try Self.trainPoints(in: place)
        for blocks in [1, 2, 8, 16, 24, 40, 100] {
            let limit = "ulimit -f \(blocks)"
            for arguments in [
                ["train", "small.yaml", "--quiet", "--steps", "2000", "--out", "new"],
                ["sample", "points", "--count", "100000", "--out", "samples.csv"],
                ["sample", "points", "--count", "100000", "--out", "samples.npy"],
                ["sample", "points", "--count", "1000", "--out", "samples.png"],
                ["export", "run", "--out", "run.onnx"],
            ] {
                let outcome = try place.wgan(arguments, after: limit)
                guard outcome.code != 0 else { continue }
                #expect(outcome.code == 1 || outcome.code == 2, "\(arguments) \(limit): \(outcome)")
                #expect(isOneSentence(outcome.errors), "\(arguments) \(limit): \(outcome)")
                #expect(
                    outcome.errors.contains("it would exceed the largest size allowed"),
                    "\(arguments) \(limit): \(outcome)")
            }
            #expect(try !place.entries().contains { $0.hasSuffix(".partial") })
            try? FileManager.default.removeItem(at: place.url("new"))
        }
        let unlimited = try place.wgan(["metrics", "points", "--csv"])
        #expect(unlimited.code == 0 && unlimited.errors.isEmpty)
    }

    @Test("are told of files too, in one sentence", arguments: ["samples.csv", "samples.npy"])
    func fullDevice(name: String) throws {
        let place = try Workplace()
        try Self.trainPoints(in: place)
        try FileManager.default.createSymbolicLink(
            atPath: place.url(name).path, withDestinationPath: "/dev/full")
        try expectRefusal(
            ["sample", "points", "--out", name],
            saying: ["Cannot write '", "\(name)': the disk is full"], code: 1, in: place)
    }
}
