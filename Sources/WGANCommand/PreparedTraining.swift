import CPUExecutor
import Datasets
import FeatureNetworks
import Foundation
import StrictYAML
import TensorGraph
import WGAN

/// A configured training with its data opened and its programs compiled, at its beginning.
struct PreparedTraining {
    let configuration: TrainingConfiguration
    let device: CPUDevice
    let trainer: Trainer
    /// Steps of the whole training.
    let steps: Int
    /// What the data's files hold; nil for data that is drawn.
    let fingerprint: DataFingerprint?

    /// - Parameters:
    ///   - folder: The folder with the data's files; by default where they are looked for.
    ///   - isQuiet: Whether nothing is shown of the data's decoding.
    ///   - check: Is given what the data's files hold before they are decoded.
    init(
        _ configuration: TrainingConfiguration, data folder: String?, on device: CPUDevice,
        isQuiet: Bool, checking check: (DataFingerprint?) throws -> Void = { _ in }
    ) throws {
        let setup = configuration.setup
        let folder = folder.map(absolutePath)
        fingerprint = try configuration.data.files(folder: folder)?.fingerprint(isQuiet: isQuiet)
        try check(fingerprint)
        let decoding = DecodingProgress(isQuiet: isQuiet)
        defer { decoding.finish() }
        let opened = try configuration.data.source(
            batchSize: setup.realBatchSize, seed: setup.seed, folder: folder,
            progress: decoding.listener)
        if !isQuiet, let sentence = try Self.orientationNote(configuration, opened, device) {
            decoding.listener.note(sentence)
        }
        steps = try configuration.length.steps(
            batchesPerEpoch: opened.batchesPerEpoch, schedule: setup.schedule)
        trainer = try Trainer(setup, data: opened, on: device)
        (self.configuration, self.device) = (configuration, device)
    }

    /// What is said of rows and columns of images that look exchanged, where the configuration
    /// leaves it open.
    private static func orientationNote(
        _ configuration: TrainingConfiguration, _ source: any SampleSource, _ device: CPUDevice
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
                return try FeatureExtractor(network, on: CPUDevice(threads: device.threads))
                    .findsTransposed(images)
            }
            return isTransposed ? Transposition.sentence : nil
        }
    }
}
