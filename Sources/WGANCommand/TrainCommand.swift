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
            configuration, metrics, figures, samples, checkpoints and the final weights. A training \
            that was interrupted or killed goes on with wgan resume.

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
        if let sampling = try Refusal.guarding({ try generatorSampling() }) {
            if !quiet { for text in sampling.notes { note(text) } }
            try sampling.run(isQuiet: quiet)
            if !quiet { try print(sampling.summary) }
            return
        }
        let run = try Refusal.guarding { try prepare() }
        let configuration = run.configuration
        for warning in configuration.warnings where !quiet { note(warning) }
        if let text = configuration.note(onData: training.data), !quiet { note(text) }
        try write(run)
        try run.carryOut(isQuiet: quiet, json: json)
    }

    /// Writes what a training that goes on has to know. The configuration comes last: it makes the
    /// folder a run.
    private func write(_ run: TrainingRun) throws {
        let session = run.session
        var record = RunRecord(begun: session.environment.started)
        record.data = run.prepared.fingerprint.map(RunData.init)
        record.add(session)
        try record.write(run.prepared.fingerprint, in: run.folder)
        try run.folder.write(
            Data(run.configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
    }

    /// What a file with `arch: Generator` asks for in place of a training.
    private func generatorSampling() throws -> GeneratorSampling? {
        guard let settings = try training.foreignSettings(), settings.architecture == .generator
        else { return nil }
        return try GeneratorSampling(
            settings, training.configuration(), on: training.device())
    }

    /// All that can be refused before any work starts; the run's folder comes last, so that a
    /// refusal leaves none behind.
    private func prepare() throws -> TrainingRun {
        if out?.isEmpty == true {
            throw CommandFailure("--out is empty; name a folder that is absent or empty")
        }
        let device = try training.device()
        let configuration = try training.configuration()
        let prepared = try PreparedTraining(
            configuration, data: training.data, on: device, isQuiet: quiet)
        try ReportFiles.prepare(prefix: configuration.outputs.report?.prefix)
        let folder = try RunFolder.create(at: out, orFor: configuration.name)
        return TrainingRun(prepared, in: folder, lock: try RunLock(of: folder))
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

    func configuration() throws -> TrainingConfiguration {
        guard let data else { return try configuration([]) }
        let relocations: [String]
        do throws(ConfigurationError) {
            relocations = try DataCatalogue.relocations(of: document([]).document, to: data)
        } catch {
            throw renamed(error)
        }
        return try configuration(relocations)
    }

    /// The settings of a file with the keys of the AIDL21-SAGAN project; nil for other files.
    func foreignSettings() throws -> AIDL21Settings? {
        do throws(ConfigurationError) { return try document([]).foreign } catch {
            throw renamed(error)
        }
    }

    private func configuration(_ additions: [String]) throws -> TrainingConfiguration {
        do throws(ConfigurationError) {
            return try document(additions).configuration()
        } catch {
            throw renamed(error)
        }
    }

    private func document(_ additions: [String]) throws(ConfigurationError) -> TrainingDocument {
        let options = [steps.map { "steps=\($0)" }, seed.map { "seed=\($0)" }]
        return try TrainingDocument(
            presetOrFile: preset, overrides: overrides + additions + options.compactMap { $0 })
    }

    /// The device that the training is for.
    func device() throws -> CPUDevice { try CPUDevice(checking: threads) }

    /// An error about an override that stood for an option, with the option's name.
    private func renamed(_ error: ConfigurationError) -> any Error {
        switch error.location {
        case .override("steps") where steps != nil: CommandFailure("--steps: \(error.message)")
        case .override("seed") where seed != nil: CommandFailure("--seed: \(error.message)")
        default: error
        }
    }
}

extension TrainingConfiguration {
    /// A note on `--data` where it has no effect.
    func note(onData folder: String?) -> String? {
        let files = try? data.files(folder: nil)
        guard folder != nil, data.distribution != nil, files == nil else { return nil }
        return "--data has no effect, as \(name) draws its points itself"
    }
}

extension CPUDevice {
    /// A device with the threads that the user asks for.
    convenience init(checking threads: Int?) throws {
        if let threads, threads < 1 {
            throw CommandFailure("--threads \(threads) makes no sense; give at least 1")
        }
        self.init(threads: threads)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
