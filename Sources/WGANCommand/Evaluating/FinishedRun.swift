import CPUExecutor
import Datasets
import Foundation
import Philox
import Runs
import StrictYAML
import TensorGraph
import WGAN

/// A run with its networks as they were at the end.
struct FinishedRun {
    let name: String
    let folder: RunFolder
    let configuration: TrainingConfiguration
    let sampler: Sampler
    let device: CPUDevice
    private let dataFolder: String?

    /// Streams of real points of which no training has drawn.
    private static let stream: UInt32 = 1 << 25 + 8

    /// Opens a run's folder.
    ///
    /// - Throws: An error of one sentence where it is no run or its weights do not fit.
    init(_ folder: String, data: String?, threads: Int?) throws {
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        (name, self.folder) = (folder, run)
        configuration = try TrainingConfiguration(of: run)
        device = CPUDevice(threads: threads)
        sampler = try Sampler(configuration.setup, on: device)
        try Weights.load(sampler.parameters, from: run, to: device)
        dataFolder = data
    }

    /// Generated samples, all finite.
    func generated(_ count: Int, seed: UInt64) throws -> [Float] {
        let samples = try sampler.sample(count, seed: seed)
        guard samples.allSatisfy(\.isFinite) else {
            throw CommandFailure(
                "\(name) generates numbers that are not finite; its training has failed")
        }
        return samples
    }

    /// Fresh points of the distribution, `[count, dimensions]`.
    func points(_ distribution: any PointDistribution, _ count: Int, seed: UInt64) -> [Float] {
        var random = RandomStream(seed: seed, stream: Self.stream)
        return distribution.sample(count, using: &random)
    }

    /// Images of the training data in −1…1, `[n, H, W, C]`: `count`, or all where they are fewer.
    func trainingImages(_ count: Int) throws -> [Float] {
        var source = try configuration.data.source(
            batchSize: 1, seed: configuration.setup.seed, folder: dataFolder)
        let size = sampler.sampleShape.count
        let available = min(count, source.batchesPerEpoch ?? count)
        var images = [Float](repeating: 0, count: available * size)
        images.withUnsafeMutableBufferPointer { images in
            for index in 0..<available {
                source.fill(
                    images.extracting(index * size..<(index + 1) * size), batch: index,
                    seed: configuration.setup.seed)
            }
        }
        return images
    }

    /// A part of the published data set that the run was trained on; nil for other data.
    func published(_ split: DatasetSplit) throws -> ImageSet? {
        try configuration.data.published?.images(split, folder: dataFolder)
    }

    /// Examines the critic; nil for one that is conditional.
    ///
    /// - Parameter count: Samples of each kind, fewer where the data is too small.
    func audit(_ count: Int, seed: UInt64 = 0) throws -> CriticAudit? {
        guard configuration.setup.condition == nil else { return nil }
        let size = sampler.sampleShape.count
        let real =
            if let distribution = configuration.data.distribution {
                points(distribution, 2 * count, seed: seed)
            } else {
                try trainingImages(2 * count)
            }
        let each = real.count / size / 2
        guard each >= 2 else {
            throw CommandFailure("an audit of \(name) needs 4 samples of its data; it has fewer")
        }
        let auditor = try CriticAuditor(
            configuration.setup, sampleShape: sampler.sampleShape, sampleCount: each, on: device)
        return try auditor.audit(
            real: Array(real.prefix(each * size)), generated: generated(each, seed: seed),
            otherReal: Array(real[each * size..<2 * each * size]), seed: seed)
    }
}
