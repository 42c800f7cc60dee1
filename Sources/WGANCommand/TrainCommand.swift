import ArgumentParser
import CPUExecutor
import Datasets
import Foundation
import Runs
import StrictYAML
import WGAN

/// `wgan train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train from a preset or a configuration file.",
        discussion: """
            Everything that the training leaves goes to a folder of its own: the resolved \
            configuration, metrics, figures, samples, checkpoints and the final weights. A \
            training that was interrupted or killed goes on with wgan resume.

            A file with the keys of the AIDL21-SAGAN project (arch, path, out, run, num_epochs, …) \
            is trained as that project's program would, and what that program writes is written \
            under its names; arch: Generator draws images from saved weights.

            Examples:
              wgan train mixture
              wgan train mixture --set constraint=clipping --steps 3000 --seed 2
              wgan train mixture --set data.mixtureGrid.modes=4 \\
                --set generator.optimiser.adam.learningRate=5e-4
              wgan train mnist-gp --data ~/data/mnist --out runs/digits
              wgan train images-gp --data ~/photos --set data.imageFolder.flip=true
              wgan train my-training.yaml --json
            """)

    @OptionGroup var training: TrainingOptions

    @OptionGroup var place: DeviceOption

    @Option(
        help: ArgumentHelp(
            "Where the run goes: a folder that is absent or empty.",
            discussion: "By default runs/<name>-<n> with the smallest free n.",
            valueName: "folder"))
    var out: String?

    @Flag(help: "Show neither progress nor notes.")
    var quiet = false

    @Flag(help: "Print one JSON object about the run to standard output at the end.")
    var json = false

    func run() throws {
        try LaunchedProcesses.carryOut(dataAt: training.data) { try run($0) }
    }

    private func run(_ processes: TrainingProcesses?) throws {
        var request = training.request
        (request.device, request.processes) = (place.choice, processes)
        let document = try Refusal.guarding { try request.document() }
        if let sampling = try Refusal.guarding({ try generatorSampling(document) }) {
            if !quiet { for text in sampling.notes { note(text) } }
            try sampling.run(isQuiet: quiet)
            if !quiet { try print(sampling.summary) }
            return
        }
        let run = try Refusal.guarding { try prepare(document, request) }
        if !quiet { for text in run.notes { note(text) } }
        try run.carryOut(isQuiet: quiet, json: json)
    }

    private func prepare(_ document: TrainingDocument, _ request: TrainingRequest) throws -> Run {
        if out?.isEmpty == true {
            throw CommandFailure("--out is empty; name a folder that is absent or empty")
        }
        let decoding = DecodingProgress(isQuiet: quiet)
        defer { decoding.finish() }
        return try Run.create(
            request.configuration(of: document), for: request,
            at: out.map { URL(fileURLWithPath: $0) }, progress: decoding.listener)
    }

    /// What a file with `arch: Generator` asks for in place of a training.
    private func generatorSampling(
        _ document: TrainingDocument
    ) throws -> GeneratorSampling? {
        guard let settings = document.foreign, settings.architecture == .generator else {
            return nil
        }
        return try GeneratorSampling(
            settings, training.request.configuration(of: document), on: training.device())
    }
}

/// The arguments that decide what is trained.
struct TrainingOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A preset's name (see wgan presets) or a .yaml file.", valueName: "preset|file"))
    var preset: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change one setting, such as constraint=clipping; may be repeated.",
            valueName: "key=value"))
    var overrides: [String] = []

    @Option(help: "Steps to train, in place of the configuration's length.")
    var steps: Int?

    @Option(help: "What all random numbers are a function of.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "The folder with the data's files, or of images.",
            discussion: """
                Published data is by default in the folder named by WGAN_DATA, then in the cache \
                folder. For images of your own it replaces data.imageFolder.path; files that \
                data.points and data.idx name are looked for there.
                """,
            valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    /// The training that the arguments ask for.
    var request: TrainingRequest {
        TrainingRequest(
            preset, overrides: overrides, steps: steps, seed: seed, data: data, threads: threads)
    }

    /// The device that the training is for.
    func device() throws -> CPUDevice { try CPUDevice(checking: threads) }
}
