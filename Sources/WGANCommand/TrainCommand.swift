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
            configuration, metrics, figures, samples and the final weights.

            Examples:
              wgan train mixture
              wgan train mixture --set constraint=clipping --steps 3000 --seed 2
              wgan train mixture --set data.mixtureGrid.modes=4 --set generator.optimiser.adam.learningRate=5e-4
              wgan train mnist-gp --data ~/data/mnist --out runs/digits
              wgan train my-training.yaml --json
            """)

    @OptionGroup var training: TrainingOptions

    @Option(
        help: ArgumentHelp(
            "Where the run goes: a folder that is absent or empty.",
            discussion: "By default runs/<name>-<n> with the smallest free n.",
            valueName: "folder"))
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print one JSON object about the run to standard output at the end.")
    var json = false

    func run() throws {
        let (configuration, steps, trainer, run) = try Refusal.guarding { try prepare() }
        for warning in configuration.warnings where !quiet { note(warning) }
        if training.data != nil, configuration.data.distribution != nil, !quiet {
            note(
                "--data has no effect, as \(configuration.name) draws its points itself; remove it")
        }
        let start = ContinuousClock.now
        try run.write(Data(configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
        let recorder = try RunRecorder(
            configuration, trainer: trainer, steps: steps, in: run, isQuiet: quiet)
        try recorder.train()
        let summary = try RunSummary(
            run: run, trainer: trainer, check: recorder.exactCheck(),
            seconds: (ContinuousClock.now - start).seconds)
        let object = try summary.json
        try run.write(object, at: RunSummary.path)
        if json {
            print(String(decoding: object, as: UTF8.self))
        } else if !quiet {
            print(summary)
        }
    }

    /// All that can be refused before any work starts; the run's folder comes last, so that a
    /// refusal leaves none behind.
    private func prepare() throws -> (TrainingConfiguration, steps: Int, Trainer, RunFolder) {
        if out?.isEmpty == true {
            throw CommandFailure("--out is empty; name a folder that is absent or empty")
        }
        let device = try training.device()
        let configuration = try training.configuration()
        let setup = configuration.setup
        let source = try configuration.data.source(
            batchSize: setup.batchSize, seed: setup.seed, folder: training.data)
        let steps = try configuration.length.steps(
            batchesPerEpoch: source.batchesPerEpoch, schedule: setup.schedule)
        let trainer = try Trainer(setup, data: source, on: device)
        let run =
            try out.map { try RunFolder.create(at: URL(fileURLWithPath: $0)) }
            ?? RunFolder.create(
                named: configuration.name, in: URL(fileURLWithPath: "runs", isDirectory: true))
        return (configuration, steps, trainer, run)
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("note: \(text)\n".utf8))
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
            "The folder with the data's files.",
            discussion: "By default the folder named by WGAN_DATA, then the cache folder.",
            valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    func configuration() throws -> TrainingConfiguration {
        let document = try TrainingConfiguration.document(presetOrFile: preset)
        for override in overrides { try document.set(override) }
        if let steps { try document.set("steps=\(steps)") }
        if let seed { try document.set("seed=\(seed)") }
        do throws(ConfigurationError) {
            return try TrainingConfiguration(document)
        } catch {
            throw renamed(error)
        }
    }

    /// The device that the training is for.
    func device() throws -> CPUDevice {
        if let threads, threads < 1 {
            throw CommandFailure("--threads \(threads) makes no sense; give at least 1")
        }
        return CPUDevice(threads: threads)
    }

    /// An error about an override that stood for an option, with the option's name.
    private func renamed(_ error: ConfigurationError) -> any Error {
        switch error.location {
        case .override("steps") where steps != nil: CommandFailure("--steps: \(error.message)")
        case .override("seed") where seed != nil: CommandFailure("--seed: \(error.message)")
        default: error
        }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
