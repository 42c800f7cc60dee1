import Datasets
import Files
import Foundation
import Philox
import Runs
import TensorGraph
import WGAN

/// A run with its networks as they are on disk.
struct FinishedRun {
    let name: String
    let folder: RunFolder
    let configuration: TrainingConfiguration
    let sampler: Sampler
    let device: any Device
    /// Threads of the processor for features; nil for one on each.
    let threads: Int?
    /// What tells the weights from others.
    let stamp: WeightsStamp
    /// What the user should know about weights and data.
    let notes: [String]
    /// The checksum of the data's files; nil for data that is drawn.
    let dataSum: String?
    private let dataFolder: String?
    private let opened = OpenedData()

    /// What was read of the data so far: scores, audit and the search for copies look at the same.
    private final class OpenedData {
        var source: (any SampleSource)?
        var parts: [DatasetSplit: ImageSet] = [:]
    }

    /// Opens a run's folder.
    ///
    /// - Parameters:
    ///   - data: Where the data's files are; nil for where they were in the training.
    ///   - place: The device of the networks; nil for the processor, on which features are found.
    /// - Throws: An error of one sentence where it is no run, its weights do not fit, or its data
    ///   has changed.
    init(
        _ folder: String, _ weights: WeightsOptions, data: String?, threads: Int?,
        on place: String? = nil
    ) throws {
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        (name, self.folder) = (folder, run)
        device = try TrainingDevice.named(place, threads: threads)
        self.threads = threads
        let givenFolder = data.map(absolutePath)
        let loaded = try weights.generator(
            of: run, TrainingConfiguration(of: run, dataIn: givenFolder), on: device)
        (configuration, sampler, stamp) = (loaded.configuration, loaded.sampler, loaded.stamp)
        let record = try RunRecord.of(run)
        dataFolder = givenFolder ?? record?.data?.folder
        let decoding = DecodingProgress(isQuiet: false)
        defer { decoding.finish() }
        let fingerprint = try configuration.data.fingerprint(
            folder: dataFolder, progress: decoding.listener)
        dataSum = fingerprint?.sum
        let change = try RunData.check(
            fingerprint, against: record, of: run, isAccepted: data != nil)
        notes = loaded.notes + [change, configuration.note(onData: data)].compactMap { $0 }
    }

    /// Generated samples, all finite.
    ///
    /// - Parameter progress: Told how many are done.
    func generated(
        _ count: Int, seed: UInt64, progress: (Int) -> Void = { _ in }
    ) throws -> [Float] {
        let samples = try sampler.sample(count, seed: seed, progress: progress)
        guard samples.allSatisfy(\.isFinite) else {
            throw CommandFailure(
                "\(name) generates numbers that are not finite; its training has failed")
        }
        return samples
    }

    /// Fresh points of the distribution, `[count, dimensions]`.
    func points(_ distribution: any PointDistribution, _ count: Int, seed: UInt64) -> [Float] {
        var random = RandomStream(seed: seed, stream: ReservedStream.judgingPoints)
        return distribution.sample(count, using: &random)
    }

    /// Images of the training data in −1…1, `[n, H, W, C]`: `count`, or all where they are fewer.
    ///
    /// - Parameter progress: Told how the data is opened.
    func trainingImages(
        _ count: Int, progress: OpeningProgress = OpeningProgress()
    ) throws -> [Float] {
        let source = try source(progress)
        return source.samples(ofBatches: 0..<min(count, source.batchesPerEpoch ?? count), size: 1)
    }

    /// The training data, one sample in a batch.
    private func source(_ progress: OpeningProgress) throws -> any SampleSource {
        if let source = opened.source { return source }
        let source = try configuration.data.source(
            batchSize: 1, seed: configuration.setup.seed, folder: dataFolder, progress: progress)
        opened.source = source
        return source
    }

    /// A part of the published data set that the run was trained on; nil for other data.
    func published(_ split: DatasetSplit) throws -> ImageSet? {
        if let images = opened.parts[split] { return images }
        let images = try configuration.data.published?.images(split, folder: dataFolder)
        opened.parts[split] = images
        return images
    }

    /// The stacked digits that the run was trained on.
    func stacks(_ data: StackedDigitData) throws -> StackedDigits {
        try data.stacks(folder: dataFolder)
    }

    /// All training images, numbered; nil for data that has no end or no images.
    ///
    /// - Parameter progress: Told how the data is opened.
    func trainingSet(progress: OpeningProgress) throws -> NumberedImages? {
        if let data = configuration.data as? StackedDigitData {
            return data.hasLabels ? NumberedImages(try stacks(data)) : nil
        }
        if let published = configuration.data.published {
            return try self.published(published.split).map { NumberedImages($0, flips: false) }
        }
        return (try source(progress) as? ImageSource).map {
            NumberedImages($0.images, flips: $0.flips)
        }
    }

    /// Real images that the training did not see; nil where all were seen.
    func heldOutSet() throws -> NumberedImages? {
        if let data = configuration.data as? StackedDigitData {
            return NumberedImages(try data.heldOut(folder: dataFolder))
        }
        guard let published = configuration.data.published else { return nil }
        return try self.published(published.split == .train ? .test : .train)
            .map { NumberedImages($0, flips: false) }
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
