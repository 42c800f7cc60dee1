import CPUExecutor
package import Datasets
import FeatureNetworks
import Files
import Foundation
import StrictYAML
package import TensorGraph
public import WGAN
import XLAExecutor

/// A training that is asked for: a preset or a file, and what is changed in it.
public struct TrainingRequest: Sendable {
    /// A preset's name or the path of a `.yaml` file.
    public var presetOrFile: String
    /// Changes of single settings, such as `constraint=clipping`, in order.
    public var overrides: [String]
    /// Steps to train, in place of the configuration's length.
    public var steps: Int?
    /// What all random numbers are a function of, in place of the configuration's seed.
    public var seed: UInt64?
    /// The folder with the data's files, or of images; nil for where they are looked for.
    public var data: String?
    /// Threads to use; nil for one on each processor.
    public var threads: Int?
    /// Where to train: `cpu`, or a device of XLA, such as `cuda:1`, or several, such as `cuda:0-3`;
    /// nil for `cpu`.
    public var device: String?
    /// The processes that train together; nil for this one alone.
    public var processes: TrainingProcesses?

    /// A preset's or file's training as it is, or with changes.
    public init(
        _ presetOrFile: String, overrides: [String] = [], steps: Int? = nil, seed: UInt64? = nil,
        data: String? = nil, threads: Int? = nil, device: String? = nil
    ) {
        (self.presetOrFile, self.overrides) = (presetOrFile, overrides)
        (self.steps, self.seed, self.data) = (steps, seed, data)
        (self.threads, self.device) = (threads, device)
    }

    /// Reads the settings.
    ///
    /// - Throws: An error of one sentence for settings that are missing, unknown, out of range, or
    ///   do not fit each other.
    public func configuration() throws -> TrainingConfiguration {
        try configuration(of: document())
    }

    /// Reads the settings of ``document()``.
    package func configuration(of document: TrainingDocument) throws -> TrainingConfiguration {
        do throws(ConfigurationError) { return try document.configuration() } catch {
            throw renamed(error)
        }
    }

    /// The preset or file with all changes, of which nothing has been read.
    package func document() throws -> TrainingDocument {
        do throws(ConfigurationError) {
            let options = [steps.map { "steps=\($0)" }, seed.map { "seed=\($0)" }]
            let document = try TrainingDocument(
                presetOrFile: presetOrFile, overrides: overrides + options.compactMap { $0 })
            if let data { try DataCatalogue.relocate(document.document, to: data) }
            // Each process has a share of every batch.
            if let processes, !document.document.hasKey("shards") {
                try document.document.set("shards=\(processes.processes)")
            }
            return document
        } catch {
            throw renamed(error)
        }
    }

    /// An error about an override that stands for a property, with the property's name.
    private func renamed(_ error: ConfigurationError) -> any Error {
        switch error.location {
        case .override("steps") where steps != nil:
            RunFailure.unusable("--steps: \(error.message)")
        case .override("seed") where seed != nil: RunFailure.unusable("--seed: \(error.message)")
        default: error
        }
    }
}

extension TrainingConfiguration {
    /// A note on a folder of data where it has no effect.
    package func note(onData folder: String?) -> String? {
        let files = try? data.files(folder: nil)
        guard folder != nil, data.distribution != nil, files == nil else { return nil }
        return "--data has no effect, as \(name) draws its points itself"
    }
}

extension CPUDevice {
    /// A device with the threads that the user asks for.
    package convenience init(
        checking threads: Int?, with processes: TrainingProcesses? = nil
    ) throws {
        if let threads, threads < 1 {
            throw RunFailure.unusable("--threads \(threads) makes no sense; give at least 1")
        }
        self.init(threads: threads ?? processes?.usualThreads, exchange: processes)
    }
}

/// A configured training with its data opened and its programs compiled, at its beginning.
package struct PreparedTraining {
    /// All settings, with the request's changes made.
    package let configuration: TrainingConfiguration
    /// The networks and their data, at step 0 or where a checkpoint has put them.
    package let trainer: Trainer
    /// Where the programs run; it holds the parameters' values.
    package let device: any Device
    /// Steps of the whole training, those that former processes did among them.
    package let steps: Int
    /// What the data's files hold; nil for data that is drawn.
    package let fingerprint: DataFingerprint?

    /// - Parameters:
    ///   - folder: The folder with the data's files; by default where they are looked for.
    ///   - progress: Told how the data is opened.
    ///   - check: Is given what the data's files hold before they are decoded.
    package init(
        _ configuration: TrainingConfiguration, data folder: String?, on device: any Device,
        progress: OpeningProgress, checking check: (DataFingerprint?) throws -> Void = { _ in }
    ) throws {
        let setup = configuration.setup
        try Self.check(setup, fits: device)
        let folder = folder.map(absolutePath)
        fingerprint = try configuration.data.fingerprint(folder: folder, progress: progress)
        try check(fingerprint)
        let source = try configuration.data.source(
            batchSize: setup.realBatchSize, seed: setup.seed, folder: folder, progress: progress)
        if let note = progress.note,
            let sentence = try Self.orientationNote(configuration, source, device)
        {
            note(sentence)
        }
        steps = try configuration.length.steps(
            batchesPerEpoch: source.batchesPerEpoch, schedule: setup.schedule)
        trainer = try Trainer(setup, data: source, on: device)
        (self.configuration, self.device) = (configuration, device)
    }

    private static func check(_ setup: TrainingSetup, fits device: any Device) throws {
        let processes = (device as? CPUDevice)?.exchange?.processes ?? 1
        guard setup.shards.isMultiple(of: processes) else {
            throw RunFailure.unusable(
                "\(processes) processes cannot share \(counted(setup.shards, "shard")) evenly; "
                    + "start a number of processes that divides shards, or set shards to a "
                    + "multiple of \(processes)")
        }
        guard let count = (device as? XLADevice)?.count else { return }
        for size in [setup.batchSize, setup.realBatchSize] where !size.isMultiple(of: count) {
            throw RunFailure.unusable(
                "\(count) devices cannot share batches of \(size) samples evenly; set batchSize to "
                    + "a multiple of \(count)")
        }
    }

    /// What is said of rows and columns of images that look exchanged, where the configuration
    /// leaves it open.
    private static func orientationNote(
        _ configuration: TrainingConfiguration, _ source: any SampleSource, _ device: any Device
    ) throws -> String? {
        switch configuration.data.orientation {
        case .stated: return nil
        case .doubtful(let sentence): return sentence
        case .unknown:
            guard let images = (source as? ImageSource)?.images else { return nil }
            let variants = configuration.data.published.map { [$0.variant] }
            let isTransposed = try (variants ?? MNISTVariant.allCases).contains {
                let network = try BuiltInClassifier($0).network
                guard source.sampleShape == network.input else { return false }
                return try FeatureExtractor(
                    network, on: CPUDevice(threads: device.processorThreads)
                )
                .findsTransposed(images)
            }
            return isTransposed ? Transposition.sentence : nil
        }
    }
}
