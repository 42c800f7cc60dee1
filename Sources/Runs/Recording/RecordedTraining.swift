import Datasets
import Files
import Foundation
import TensorGraph
import WGAN

/// A trainer and the run that records it, for as long as one call trains.
struct RecordedTraining {
    let run: Run
    let trainer: Trainer
    /// Steps of the whole training.
    let steps: Int

    init(_ run: Run, _ trainer: Trainer, to steps: Int) {
        (self.run, self.trainer, self.steps) = (run, trainer, steps)
    }

    var folder: RunFolder { run.folder }
    var outputs: OutputConfiguration { run.outputs }
    /// What the training is called in figures.
    var name: String { run.training?.configuration.name ?? folder.url.lastPathComponent }
    /// What points are drawn from; nil for images.
    var distribution: (any PointDistribution)? {
        run.training.map { $0.configuration.data.distribution }
            ?? (trainer.data as? PointSource)?.distribution
    }
    /// The published data set that images are from.
    var published: PublishedImages? { run.training?.configuration.data.published }
    /// What the data's files hold; nil for data that is drawn, and for that of a program.
    var fingerprint: DataFingerprint? { run.training?.fingerprint }
    /// Whether a process has trained before.
    var isResumed: Bool { run.isResumed }
    var threads: Int { trainer.device.processorThreads }

    /// The complete configuration; empty where a program describes the training.
    private var configuration: String { run.training?.configuration.resolvedYAML ?? "" }

    /// Trains to the end, then writes what the training came to.
    func carryOut() throws -> RunSummary {
        try checkOutputs()
        try RunEnvironment(of: trainer).write(in: folder)
        if trainer.step < steps { try dropEnd() }
        if !run.isResumed, let note = run.note, let warning = try trainer.slopeWarning() {
            note(warning)
        }
        let recorder = try RunRecorder(self)
        try recorder.train()
        let summary = RunSummary(
            run: folder, trainer: trainer, check: try recorder.exactCheck(),
            warnings: try recorder.warnings(), seconds: run.seconds,
            waited: trainer.dataTime.seconds)
        try folder.write(try summary.json, at: RunSummary.path)
        try RunPage(of: folder).write(in: folder)
        return summary
    }
}

extension RecordedTraining {
    /// Refuses outputs that a program may ask for and that make no sense; those of configurations
    /// have been checked.
    private func checkOutputs() throws {
        let intervals: [(name: String, value: Int?)] = [
            ("metricsEvery", outputs.metricsEvery), ("frames.every", outputs.frames?.every),
            ("frames.limit", outputs.frames?.limit), ("audit.every", outputs.audit?.every),
            ("events.histogramsEvery", outputs.events?.histogramsEvery),
            ("samples.interval", outputs.samples?.interval.count),
            ("panels.interval", outputs.panels?.interval.count),
            ("weights", outputs.weights?.count), ("aidl21.every", outputs.aidl21?.every),
            ("checkpoints.every", outputs.checkpoints.every),
            ("checkpoints.keep", outputs.checkpoints.keep),
        ]
        for case (let name, let value?) in intervals where value < 1 {
            throw RunFailure.unusable("outputs.\(name) is \(value); set it to at least 1")
        }
        let hasMeasure =
            switch outputs.checkpoints.best {
            case .exactW1: distribution != nil
            case .fid, .kid: published != nil
            case .slicedW1, nil: true
            }
        guard hasMeasure else {
            throw RunFailure.unusable(
                "outputs.checkpoints.best cannot be measured on this data; set it to slicedW1")
        }
        // Those of a configuration were made ready with the run.
        if outputs.aidl21 != run.training?.configuration.outputs.aidl21 {
            try AIDL21Files.prepare(prefix: outputs.aidl21?.prefix)
        }
    }

    /// What a checkpoint tells beside the state.
    enum Text {
        static let threads = "threads"
        /// Where it trained, for people: the run's record says it to who resumes.
        static let device = "device"
        /// In checkpoints of earlier versions, the folder with the data's files.
        static let data = "dataFolder"
        static let seconds = "seconds"
        /// The configuration that this one has replaced: the file of the run may still hold it.
        static let replaced = "replacedConfiguration"
    }

    /// What this process adds to the run's record.
    var session: RunRecord.Session {
        RunRecord.Session(
            step: trainer.step, environment: RunEnvironment(of: trainer),
            configuration: configuration, data: fingerprint?.sum)
    }

    /// Drops what tells of an end that the training now goes beyond, and says so on the page.
    private func dropEnd() throws {
        guard folder.has(RunSummary.path) else { return }
        try folder.remove(RunSummary.path)
        if folder.has(RunPage.path) { try RunPage(of: folder).write(in: folder) }
    }

    /// The run's checkpoints, of which those stay that the configuration asks for.
    func checkpoints() throws -> CheckpointStore {
        let settings = outputs.checkpoints
        return try CheckpointStore(
            in: folder,
            keeping: .init(
                last: settings.keep, best: settings.best?.rawValue, measuredOn: measuredOn))
    }

    /// Tells the data that measures of the model are taken on from other data.
    private var measuredOn: String {
        RunData.measured(on: distribution, sum: fingerprint?.sum)
    }

    /// The measures of a checkpoint; those on other data are none.
    func metrics(of file: CheckpointFile) -> [String: Double] {
        file.texts[Checkpoint.measuredOn] == measuredOn ? file.metrics : [:]
    }

    /// The training as it is now.
    ///
    /// - Parameters:
    ///   - metrics: Measures of the model on the data of now.
    ///   - replaced: The configuration that the run had until now, where it has changed.
    func checkpoint(metrics: [String: Double], replacing replaced: String? = nil) throws
        -> Checkpoint
    {
        var texts = [Text.threads: "\(threads)", Text.seconds: "\(run.seconds)"]
        texts[Text.device] = "\(trainer.device.choice), \(trainer.device.name)"
        texts[Text.replaced] = replaced
        texts[Checkpoint.measuredOn] = measuredOn
        return try Checkpoint(
            trainer, configuration: configuration, texts: texts, metrics: metrics)
    }
}
