import ArgumentParser
import FileTestSupport
import Foundation
import Testing

@testable import WGANCommand

@Suite("Usage, help and version")
struct UsageTests {
    @Test(
        "wrong usage ends with the parser's error and exit code 2",
        arguments: [
            (["train"], "Missing expected argument '<preset|file>'"),
            (["train", "mixture", "--bogus"], "Unknown option '--bogus'"),
            (["train", "mixture", "extra"], "Unexpected argument 'extra'"),
            (["train", "mixture", "--steps"], "Missing value for '--steps"),
            (["train", "mixture", "--steps", "many"], "'many' is invalid for '--steps"),
            (["train", "mixture", "--seed=-1"], "'-1' is invalid for '--seed"),
            (["train", "mixture", "--seed", "-1"], "'-1' is invalid for '--seed"),
            (["sample", "x", "--truncation", "0,5", "--out", "a.npy"], "<bound>'. Write 0.5."),
            (["train", "mixture", "--out", "-x"], "as in --out=-x."),
            (["train", "mixture", "--data", "--quiet"], "as in --data=--quiet."),
            (["train", "mixture", "--epochs", "3"], "Settings are changed with --set"),
            (["train", "mixture", "--lr", "1e-3"], ".optimiser.<kind>.learningRate"),
            (["plan", "mixture", "--batch-size", "3"], "this one is batchSize."),
            (
                ["sweep", "mixture", "--over", "seed=1,2", "--n_critic=3"],
                "this one is schedule.fixed.iterations."
            ),
            (["sample"], "Missing expected argument '<run>'"),
            (["sample", "x"], "Missing expected argument '--out <file>'"),
            (["sample", "x", "--out", "a.npy", "--count", "few"], "'few' is invalid"),
            (["plan", "mixture", "--show", "nonsense"], "'nonsense' is invalid for '--show"),
            (["presets", "mixture", "gaussians8"], "Unexpected argument 'gaussians8'"),
            (["doctor", "--now"], "Unknown option '--now'"),
            (["nonsense"], "Unexpected argument 'nonsense'"),
        ])
    func wrong(arguments: [String], fragment: String) throws {
        try expectUsageError(arguments, saying: fragment, in: try Workplace())
    }

    @Test(
        "the help of every verb has an example",
        arguments: [
            "train", "sample", "evaluate", "measure", "metrics", "compare", "distances", "fetch",
            "export", "import", "plan", "presets", "report", "doctor", "resume", "replay", "sweep",
            "convert", "bench",
        ])
    func help(verb: String) throws {
        let outcome = try Workplace().wgan([verb, "--help"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains(#/\nExamples?:\n  wgan /#))
        #expect(outcome.output.contains("USAGE: wgan \(verb)"))
    }

    @Test(
        "a number with a minus sign is joined to the option before it, and nothing else is",
        arguments: [
            (["--seed", "-1"], ["--seed=-1"]), (["--range", "-1,1"], ["--range=-1,1"]),
            (["--order", "-.5", "a"], ["--order=-.5", "a"]), (["-1"], ["-1"]),
            (["--seed=3", "-1"], ["--seed=3", "-1"]), (["--out", "-x"], ["--out", "-x"]),
            (["a", "-1"], ["a", "-1"]), (["--", "--seed", "-1"], ["--", "--seed", "-1"]),
            (["--data", "--", "-1"], ["--data", "--", "-1"]), (["--seed", "-"], ["--seed", "-"]),
        ])
    func negativeNumbers(words: [String], joined: [String]) {
        #expect(UsageErrors.joinedNumbers(words) == joined)
    }

    /// All verbs and the command itself.
    private static let verbs =
        WGANCommand.configuration.subcommands + [WGANCommand.self as any ParsableCommand.Type]

    @Test("help at 80 columns leaves every example command on its line", arguments: verbs.indices)
    func examples(number: Int) {
        let verb = Self.verbs[number]
        let help = WGANCommand.helpMessage(for: verb, columns: 80)
        let lines = Set(help.split(separator: "\n"))
        let examples = verb.configuration.discussion.split(separator: "\n")
            .filter { $0.hasPrefix("  wgan ") }
        #expect(!examples.isEmpty)
        for example in examples { #expect(lines.contains(example), "\(example)") }
        #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") }, "\(help)")
    }

    @Test("the command's own help lists the verbs, an example and the exit codes")
    func ownHelp() throws {
        let place = try Workplace()
        let help = try place.wgan(["--help"])
        #expect(help.code == 0)
        for text in [
            "\n  train ", "\n  sample ", "\n  evaluate ", "\n  measure ", "\n  metrics ",
            "\n  compare ", "\n  distances ", "\n  fetch ", "\n  export ", "\n  import ",
            "\n  plan ", "\n  presets ", "\n  report ", "\n  doctor ",
            "\n  wgan train mixture\n", "Exit codes: 0 done, 1 failed at work, 2 bad usage",
        ] {
            #expect(help.output.contains(text))
        }
        let bare = try place.wgan([])
        #expect(bare.code == 0)
        #expect(bare.output == help.output)
    }

    @Test("examples in help stay on one line, however narrow the terminal is")
    func examplesAreWhole() throws {
        let place = try Workplace()
        for command in WGANCommand.configuration.subcommands {
            let lines = command.configuration.discussion.split(separator: "\n")
            let examples = lines.filter { $0.hasPrefix("  wgan ") || $0.hasPrefix("  ssh ") }
            let name = try #require(command.configuration.commandName)
            let help = try place.wgan([name, "--help"], environment: ["COLUMNS": "40"])
            let shown = help.output.split(separator: "\n")
            for example in examples { #expect(shown.contains(example), "\(example)") }
            #expect(shown.contains { $0.hasPrefix("OPTIONS:") })
        }
    }

    @Test("the version is three numbers, with what bits and speed depend on")
    func version() throws {
        let outcome = try Workplace().wgan(["--version"])
        #expect(outcome.code == 0)
        let commit = "(commit [0-9a-f]{12}(, changed)?|unknown commit)"
        let version = try Regex(#"\d+\.\d+\.\d+ \(\#(commit), oneDNN [0-9.]+, [^)]+\)\n"#)
        #expect(try version.wholeMatch(in: outcome.output) != nil)
        #expect(outcome.errors.isEmpty)
    }

    @Test("the doctor finds nothing broken, and data where it is")
    func doctor() throws {
        let place = try Workplace()
        let without = try place.wgan(["doctor"])
        #expect(without.code == 0)
        #expect(without.output.contains("ok      processor: "))
        #expect(without.output.contains("ok      figures: "))
        #expect(without.output.contains("absent  mnist: The data file train-images-idx3-ubyte"))
        #expect(try place.entries().isEmpty)
    }

    @Test("the doctor says which MPI can be used, and whether a launcher started it")
    func doctorOnProcesses() throws {
        let place = try Workplace()
        let cache = ["XDG_CACHE_HOME": place.folder.path]
        let alone = try place.wgan(["doctor"], environment: cache)
        #expect(alone.code == 0)
        #expect(
            alone.output.contains(
                "absent  MPICH: not installed; for several processes, install mpich and "
                    + "libmpich-dev, and run scripts/setup\n"))
        #expect(alone.output.contains("ok      processes: this one alone, by no launcher\n"))
        let launched = try place.wgan(
            ["doctor"],
            environment: cache.merging(["PMI_RANK": "1", "PMI_SIZE": "4"]) { $1 })
        #expect(launched.output.contains("processes: rank 1 of 4, by a launcher of MPICH\n"))
    }

    @Test(
        "the doctor counts the images of a data set",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func doctorWithData() throws {
        let outcome = try Workplace().wgan(
            ["doctor"], environment: ["WGAN_DATA": SharedData.folder])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("ok      mnist: 60000 training images"))
    }
}
