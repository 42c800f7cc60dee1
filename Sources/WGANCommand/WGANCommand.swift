public import ArgumentParser
import Foundation

/// The command `wgan`.
public struct WGANCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "wgan",
        abstract: "Trains, samples and explains Wasserstein GANs.",
        discussion: """
            Train from a preset or a configuration file, then draw samples from the run:

              wgan train mixture
              wgan train mnist-dcgan --data ~/data/mnist --steps 2000
              wgan resume runs/mnist-dcgan-1
              wgan sample runs/mixture-1 --count 1000 --out points.csv

            Exit codes: 0 done, 1 failed at work, 2 bad usage or configuration, 130 interrupted, \
            143 asked to end.
            """,
        version: "0.1.0",
        subcommands: [
            TrainCommand.self, ResumeCommand.self, ReplayCommand.self, SweepCommand.self,
            SampleCommand.self, EvaluateCommand.self, MeasureCommand.self, MetricsCommand.self,
            ReportCommand.self, FetchCommand.self, PlanCommand.self, PresetsCommand.self,
            ConvertCommand.self, CompareCommand.self, DistancesCommand.self, ExportCommand.self,
            ImportCommand.self,
            BenchCommand.self, DoctorCommand.self, TrainClassifierCommand.self,
        ])

    public init() {}

    /// Runs the command with the process's arguments and ends the process.
    public static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            Foundation.exit(0)
        } catch {
            Foundation.exit(report(error))
        }
    }

    /// Tells the user of an error, or prints the help that was asked for.
    ///
    /// - Returns: The process's exit code.
    static func report(_ error: any Error) -> Int32 {
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
            print(fullMessage(for: error))
            return 0
        case .validationFailure:
            FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
            return 2
        default:
            complain(describe(error))
            return 1
        }
    }

    /// Writes a message as one line, without the control characters that arguments and names in
    /// files may hold: they could do anything to a terminal.
    private static func complain(_ message: String) {
        let line = message.unicodeScalars.map { scalar -> Unicode.Scalar in
            guard scalar.properties.generalCategory == .control else { return scalar }
            return scalar == "\n" ? " " : "\u{FFFD}"
        }
        let text = String(String.UnicodeScalarView(line))
        FileHandle.standardError.write(Data("wgan: \(text)\n".utf8))
    }

    private static func describe(_ error: any Error) -> String {
        (error as? any LocalizedError)?.errorDescription ?? "\(error)"
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
