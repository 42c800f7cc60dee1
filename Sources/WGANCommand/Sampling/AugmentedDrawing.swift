import CPUExecutor
import Figures
import Files
import Foundation
import Runs
import TensorGraph
import WGAN

/// Real images as the critic of a run sees them.
struct AugmentedDrawing {
    private let run: RunFolder
    private let folder: String
    private let configuration: TrainingConfiguration
    private let augmentation: Augmentation
    private let count: Int
    private let seed: UInt64
    /// How often each change happens: as in the run's last update.
    let probability: Double

    /// Opens a run that has an augmentation.
    ///
    /// - Parameters:
    ///   - data: The folder with the data's files.
    ///   - count: How many images, at least 1.
    /// - Throws: ``CommandFailure`` where the run has none; the errors of a run's configuration.
    init(_ folder: String, data: String, count: Int, seed: UInt64) throws {
        run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        self.folder = absolutePath(data)
        configuration = try TrainingConfiguration(of: run, dataIn: self.folder)
        guard let augmentation = configuration.setup.augmentation else {
            throw CommandFailure(
                "\(run.url.relativePath) has no augmentation: its critic sees images as they are; "
                    + "leave --augmented out, or train with 'augmentation'")
        }
        (self.augmentation, self.count, self.seed) = (augmentation, count, seed)
        let recorded =
            run.has(MetricStore.path)
            ? try MetricHistory(in: run).last()["augmentationProbability"]?.value : nil
        probability = recorded ?? augmentation.initialProbability
    }

    /// One picture of the images, side by side.
    func pngData() throws -> Data {
        let shape = configuration.setup.sampleShape
        let decoding = DecodingProgress(isQuiet: false)
        defer { decoding.finish() }
        let source = try configuration.data.source(
            batchSize: 1, seed: configuration.setup.seed, folder: folder,
            progress: decoding.listener)
        let shown = try augmentation.applied(
            to: source.samples(ofBatches: 0..<count, size: 1), of: shape,
            probability: probability, seed: seed, on: CPUDevice())
        let columns = Int(Double(count).squareRoot().rounded(.up))
        return try imageGrid(
            shown.map { min(max($0, -1), 1) }, sampleShape: shape, columns: columns
        ).pngData()
    }
}
