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
    let source: TimedSource
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
        source = TimedSource(
            try configuration.data.source(
                batchSize: setup.realBatchSize, seed: setup.seed, folder: folder,
                report: decoding.report))
        if !isQuiet, let sentence = try Self.orientationNote(configuration, source, device) {
            decoding.report.note(sentence)
        }
        steps = try configuration.length.steps(
            batchesPerEpoch: source.batchesPerEpoch, schedule: setup.schedule)
        trainer = try Trainer(setup, data: source, on: device)
        (self.configuration, self.device) = (configuration, device)
    }

    /// What a look at the first images tells of their rows and columns, where the configuration
    /// says nothing of them, and a classifier knows such images and their labels.
    private static func orientationNote(
        _ configuration: TrainingConfiguration, _ source: TimedSource, _ device: CPUDevice
    ) throws -> String? {
        var source = source
        if case .doubtful(let sentence) = configuration.data.orientation { return sentence }
        guard configuration.data.orientation == .unknown, var labels = source.labels,
            let batches = source.batchesPerEpoch
        else { return nil }
        let variants = configuration.data.published.map { [$0.variant] } ?? MNISTVariant.allCases
        for variant in variants {
            let network = try BuiltInClassifier(variant).network
            guard source.sampleShape == network.input, let classes = network.classCount else {
                continue
            }
            let count = configuration.setup.realBatchSize
            let extractor = try FeatureExtractor(network, on: CPUDevice(threads: device.threads))
            var (images, known): ([Float], [Int]) = ([], [])
            var pixels = [Float](repeating: 0, count: count * network.input.count)
            var numbers = [Float](repeating: 0, count: count)
            for batch in 0..<min(batches, 1 + Transposition.sampleCount / count) {
                pixels.withUnsafeMutableBufferPointer {
                    source.fill($0, batch: batch, seed: configuration.setup.seed)
                }
                numbers.withUnsafeMutableBufferPointer { labels.fill($0, batch: batch) }
                for (place, label) in numbers.enumerated() where Int(label) < classes {
                    known.append(Int(label))
                    images +=
                        pixels[place * network.input.count..<(place + 1) * network.input.count]
                }
            }
            if try extractor.findsTransposed(images, labels: known) {
                return Transposition.sentence
            }
        }
        return nil
    }
}
