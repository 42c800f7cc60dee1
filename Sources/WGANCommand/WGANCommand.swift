public import ArgumentParser
import BuildStamp
import CPUExecutor
import Files
import Foundation
import Runs
import StrictYAML
import WGAN

/// The command `wgan`.
public struct WGANCommand: ParsableCommand {
    /// The command's name, its help and its verbs, as ArgumentParser reads them.
    public static let configuration = CommandConfiguration(
        commandName: "wgan",
        abstract: "Trains, samples and explains Wasserstein GANs.",
        discussion: """
            Train from a preset or a configuration file, then draw samples from the run:

              wgan train mixture
              wgan train mnist-dcgan --data ~/data/mnist --steps 2000
              wgan resume runs/mnist-dcgan-1
              wgan sample runs/mixture-1 --count 1000 --out points.csv

            Exit codes: 0 done, 1 failed at work, 2 bad usage or configuration, 129 hung up, 130 \
            interrupted, 143 asked to end. The signals behind the last three (HUP, INT, TERM) let \
            a training save its state first; a second one ends it at once.

            The environment's WGAN_VECTORS lowers the vector instructions in use: baseline, avx2 \
            or avx512. Other levels round otherwise; the doctor shows them.
            """,
        version: fullVersion,
        subcommands: [
            TrainCommand.self, ResumeCommand.self, ReplayCommand.self, SweepCommand.self,
            SampleCommand.self, EvaluateCommand.self, MeasureCommand.self, MetricsCommand.self,
            ReportCommand.self, WatchCommand.self, FetchCommand.self, PlanCommand.self,
            PresetsCommand.self,
            ConvertCommand.self, CompareCommand.self, CriticsCommand.self,
            DistancesCommand.self, ExportCommand.self,
            ImportCommand.self,
            BenchCommand.self, DoctorCommand.self, TrainClassifierCommand.self,
        ])

    /// The version, and what else the bits and the speed of a training depend on.
    private static var fullVersion: String {
        let commit = BuildStamp.commit.map { "commit \($0)" } ?? "unknown commit"
        return "\(RunEnvironment.version) (\(commit), oneDNN \(CPUDevice.libraryVersion), "
            + "\(VectorLevel.inUse))"
    }

    /// A command without arguments yet, which ArgumentParser fills.
    public init() {}

    /// Runs the command with the process's arguments and ends the process.
    public static func main() {
        ProcessStart.prepare()
        let words = UsageErrors.joinedNumbers(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parseAsRoot(words)
            try checkEnvironment(for: command)
            try command.run()
            Foundation.exit(0)
        } catch {
            Foundation.exit(report(error, words: words))
        }
    }

    /// Refuses an environment with which nothing can be computed; the doctor shows it instead.
    private static func checkEnvironment(for command: any ParsableCommand) throws {
        let isVerb = configuration.subcommands.contains { $0 == type(of: command) }
        guard isVerb, !(command is DoctorCommand) else { return }
        try Refusal.guarding { try VectorLevel.checkEnvironment() }
    }

    /// Tells the user of an error, or prints the help that was asked for.
    ///
    /// - Parameter words: What the process was given.
    /// - Returns: The process's exit code.
    static func report(_ error: any Error, words: [String] = []) -> Int32 {
        switch error {
        case let refusal as Refusal:
            complain(describe(refusal.cause))
            return 2
        case let interruption as Interruption:
            complain("\(interruption)")
            return interruption.exitCode
        case let code as ExitCode: return code.rawValue
        default: break
        }
        switch exitCode(for: error) {
        case .success:
            do {
                try print(HelpText.withWholeExamples { fullMessage(for: error, columns: $0) })
                return 0
            } catch { return report(error) }
        case .validationFailure:
            say(UsageErrors.completed(fullMessage(for: error), words: words))
            return 2
        default:
            complain(describe(error))
            return 1
        }
    }

    /// Writes a message as one line, whatever arguments and names in files may hold.
    static func complain(_ message: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        say("wgan: \(line.shown(limit: .max))")
    }

    private static func describe(_ error: any Error) -> String {
        if let failure = FileFailure(error) { return "\(failure)" }
        if let sentence = (error as? any LocalizedError)?.errorDescription { return sentence }
        return (error as? CocoaError)?.localizedDescription ?? "\(error)"
    }
}

/// An error found before any work began: a wrong argument, setting or file.
struct Refusal: Error {
    let cause: any Error

    /// Runs `body` and marks what it throws as found before any work began.
    static func guarding<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw Refusal(cause: error) }
    }
}

/// An error that is one sentence.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What the command makes of its words before they are parsed, and adds to what the parser says of
/// them.
enum UsageErrors {
    /// Numbers with a minus sign joined to the option before them, `--seed -1` to `--seed=-1`: the
    /// parser would take them for options, and complain of a missing value.
    static func joinedNumbers(_ words: [String]) -> [String] {
        let options = words.firstIndex(of: "--") ?? words.endIndex
        return words.indices.reduce(into: []) { joined, index in
            let word = words[index]
            let isValue =
                index > 0 && index < options && isOption(words[index - 1])
                && !words[index - 1].contains("=") && beginsAsNegativeNumber(word)
            if isValue {
                joined[joined.count - 1] += "=\(word)"
            } else {
                joined.append(word)
            }
        }
    }

    /// The parser's message with a sentence about what was probably meant.
    ///
    /// - Parameters:
    ///   - message: Of several lines, the first of which says what is wrong.
    ///   - words: What the parser was given.
    static func completed(_ message: String, words: [String]) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        guard let remedy = remedy(for: lines[0], words: words) else { return message }
        let ends = [".", "?"].contains { lines[0].hasSuffix($0) }
        lines[0] += ends ? " \(remedy)" : ". \(remedy)"
        return lines.joined(separator: "\n")
    }

    private static func remedy(for complaint: String, words: [String]) -> String? {
        let quoted = complaint.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        if complaint.contains("Missing value for '") {
            let option = String(quoted.prefix { $0 != " " })
            guard let place = words.firstIndex(of: option), place + 1 < words.count,
                words[place + 1].hasPrefix("-")
            else { return nil }
            return "A value that begins with a dash is written after an equals sign, "
                + "as in \(option)=\(words[place + 1])."
        }
        if complaint.contains("Unknown option '") { return setting(for: quoted, words: words) }
        return meantNumber(quoted).map { "Write \($0)." }
    }

    /// How the setting is changed that an unknown option stands for, where the verb takes settings.
    private static func setting(for option: String, words: [String]) -> String? {
        let verbs = ["train", "plan", "resume", "sweep", "import"]
        guard let verb = words.first(where: { !$0.hasPrefix("-") }), verbs.contains(verb),
            isOption(option),
            let place = TrainingConfiguration.place(of: String(option.dropFirst(2)))
        else { return nil }
        return "Settings are changed with --set KEY=VALUE; this one is \(place)."
    }

    private static func isOption(_ word: String) -> Bool { word.hasPrefix("--") && word.count > 2 }

    /// `-1`, `-.5`, `-1,1`: no option of the command begins with a digit.
    private static func beginsAsNegativeNumber(_ word: String) -> Bool {
        guard word.first == "-", let next = word.dropFirst().first else { return false }
        let digits = "0"..."9"
        return digits.contains(String(next))
            || next == "." && word.dropFirst(2).first.map { digits.contains(String($0)) } == true
    }
}
