import ArgumentParser
import CPUExecutor
import Foundation
import Runs
import StrictYAML
import WGAN

/// `wgan resume`.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a training that was stopped, or extend a finished one.",
        discussion: """
            The training goes on from its last checkpoint and ends with the same bits as one that \
            was never stopped: weights, metrics, samples and figures. Threads and data folder are \
            those of before. Without a checkpoint it goes on from the last weights, imported ones \
            too, with optimisers that begin anew; a run that had checkpoints never begins anew.

            A configuration that was changed since the checkpoint is refused; accept changes one \
            by one with --set. So is other data than before; accept it with --data.

            Examples:
              wgan resume runs/mixture-1
              wgan resume runs/mixture-1 --steps 3000
              wgan resume runs/mixture-1 --steps 3000 \\
                --set critic.optimiser.adam.learningRate=1e-4
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(
        help: ArgumentHelp(
            "Steps of the whole training, those done among them.",
            discussion: "By default the configuration's length."))
    var steps: Int?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change one setting from here on; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder with the data's files; by default the one that the training began with.",
            valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default as before, since the bits depend on their number.")
    var threads: Int?

    @OptionGroup var place: DeviceOption

    @Flag(help: "Show neither progress nor notes.")
    var quiet = false

    @Flag(help: "Print one JSON object about the run to standard output at the end.")
    var json = false

    func run() throws {
        try LaunchedProcesses.carryOut(dataAt: data) { processes in
            let run = try Refusal.guarding { try prepare(processes) }
            if !quiet { for text in run.notes { note(text) } }
            try run.carryOut(isQuiet: quiet, json: json)
        }
    }

    private func prepare(_ processes: TrainingProcesses?) throws -> Run {
        let decoding = DecodingProgress(isQuiet: quiet)
        defer { decoding.finish() }
        return try Run.open(
            URL(fileURLWithPath: folder, isDirectory: true),
            changing: ConfigurationChanges(overrides: overrides, steps: steps, data: data),
            threads: threads, device: place.choice, processes: processes,
            progress: decoding.listener)
    }
}
