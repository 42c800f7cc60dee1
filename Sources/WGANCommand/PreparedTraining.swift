import CPUExecutor
import Foundation
import WGAN

/// A configured training with its data opened and its programs compiled, at its beginning.
struct PreparedTraining {
    let configuration: TrainingConfiguration
    let device: CPUDevice
    let source: TimedSource
    let trainer: Trainer
    /// Steps of the whole training.
    let steps: Int
    /// The folder with the data's files, where the user named one.
    let dataFolder: String?

    /// - Parameters:
    ///   - folder: The folder with the data's files; by default where they are looked for.
    ///   - isQuiet: Whether nothing is shown of the data's decoding.
    init(
        _ configuration: TrainingConfiguration, data folder: String?, on device: CPUDevice,
        isQuiet: Bool
    ) throws {
        let setup = configuration.setup
        let decoding = DecodingProgress(isQuiet: isQuiet)
        defer { decoding.finish() }
        source = TimedSource(
            try configuration.data.source(
                batchSize: setup.realBatchSize, seed: setup.seed, folder: folder,
                report: decoding.report))
        steps = try configuration.length.steps(
            batchesPerEpoch: source.batchesPerEpoch, schedule: setup.schedule)
        trainer = try Trainer(setup, data: source, on: device)
        (self.configuration, self.device) = (configuration, device)
        dataFolder = folder.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }
}
