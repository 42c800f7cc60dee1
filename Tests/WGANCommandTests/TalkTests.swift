import Foundation
import Testing

@Suite("What a training says")
struct TalkTests {
    /// Settings that the command warns of.
    private static let doubtful = ["--set", "critic.optimiser={adam: {learningRate: 1e-3}}"]

    @Test("without a terminal, progress and notes are plain lines on standard error")
    func plain() throws {
        let outcome = try SmallImages.place().wgan(["train", "small.yaml"] + Self.doubtful)
        #expect(outcome.code == 0)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.first?.hasPrefix("note: the critic's optimiser has momentum") == true)
        #expect(lines.last?.hasPrefix("4/4  100%") == true)
        #expect(outcome.output.hasPrefix("4 steps in "))
        #expect(outcome.output.hasSuffix("run folder            runs/small-1\n"))
        for text in [outcome.errors, outcome.output] {
            #expect(!text.contains("\u{1B}") && !text.contains("\r"))
        }
    }

    @Test("quiet says nothing at all, and with --json the object alone")
    func quiet() throws {
        let place = try SmallImages.place()
        let arguments = ["train", "small.yaml", "--quiet"] + Self.doubtful
        let silent = try place.wgan(arguments)
        #expect(silent.code == 0)
        #expect(silent.output.isEmpty && silent.errors.isEmpty)
        let object = try place.wgan(arguments + ["--json"])
        #expect(object.code == 0)
        #expect(object.errors.isEmpty)
        #expect(object.output.wholeMatch(of: /\{"criticLoss":.*\}\n/) != nil)
    }

    #if os(Linux)
        @Test("on a terminal the bar has colours, unless NO_COLOR is set")
        func colours() throws {
            let coloured = try textOnTerminal(["NO_COLOR": ""])
            #expect(coloured.contains("\r") && coloured.contains(/\u{1B}\[[0-9;]*m/))
            let plain = try textOnTerminal(["NO_COLOR": "1"])
            #expect(plain.contains("\r") && !plain.contains(/\u{1B}\[[0-9;]*m/))
            #expect(try !textOnTerminal(["TERM": "dumb"]).contains("\u{1B}"))
        }

        /// What a short training writes when its standard error is a terminal.
        private func textOnTerminal(_ variables: [String: String]) throws -> String {
            let terminal = try Terminal()
            let outcome = try SmallImages.place().wgan(
                ["train", "small.yaml"], environment: ["TERM": "xterm"].merging(variables) { $1 },
                errors: terminal.far)
            #expect(outcome.code == 0)
            return try terminal.text()
        }
    #endif
}
