import Foundation
import MessagePassing
import Runs

/// What the processes of a launcher such as `mpirun` do with one command: the first does what it
/// would do alone, and the others take part in its training.
enum LaunchedProcesses {
    /// Carries a command out alone, as the first of several processes, or as one of the others.
    ///
    /// - Parameters:
    ///   - data: The folder with the data's files, as the user gave it.
    ///   - command: The command, which leads the processes that it is given.
    static func carryOut(
        dataAt data: String?, _ command: (TrainingProcesses?) throws -> Void
    ) throws {
        guard let processes = try Refusal.guarding({ try TrainingProcesses.joined() }) else {
            return try command(nil)
        }
        if processes.leads {
            try lead(processes, command)
        } else {
            follow(processes, dataAt: data)
        }
    }

    private static func lead(
        _ processes: TrainingProcesses, _ command: (TrainingProcesses?) throws -> Void
    ) throws {
        do { try command(processes) } catch {
            // The others know of these ends, and of refusals there is nothing to know.
            let isOrderly = error is Interruption || error is UnsoundTraining || error is Refusal
            if isOrderly, (try? processes.leave()) != nil { throw error }
            let code = WGANCommand.report(
                error is MessagePassingError ? CommandFailure("\(error); \(remedy)") : error)
            processes.group.endAll("the leading process has failed")
            processes.group.abandon(code)
        }
        try processes.leave()
    }

    private static let remedy = "go on from the last checkpoint with wgan resume"

    /// One process speaks for all: the first, unless it cannot.
    private static func follow(_ processes: TrainingProcesses, dataAt data: String?) {
        let signals = InterruptionSignals.shared
        signals.isHeld = true
        do {
            try processes.follow(dataAt: data) { signals.received != nil }
            try processes.leave()
        } catch let error as MessagePassingError {
            if error.rank == 0, error.cause != .ended, processes.group.rank == 1 {
                WGANCommand.complain("\(error); \(remedy)")
            }
            processes.group.abandon(1)
        } catch {
            processes.group.endAll("\(error)")
            processes.group.abandon(1)
        }
    }
}
