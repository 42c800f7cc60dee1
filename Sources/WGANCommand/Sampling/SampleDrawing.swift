import ArrayFiles
import CPUExecutor
import Datasets
import Figures
import Files
import Foundation
import Runs
import TensorGraph
import WGAN

/// Samples that were asked for and can be made.
struct SampleDrawing {
    let configuration: TrainingConfiguration
    let sampler: Sampler
    /// What tells the weights from others; pictures tell it too.
    let stamp: WeightsStamp
    let count: Int
    let seed: UInt64
    /// The class of all samples; nil for all classes in turn, and where there are none.
    let label: Int?
    let truncation: Truncation?
    /// The way between latents that an animation shows; nil for samples of one latent each.
    let walk: LatentWalk?

    var sampleShape: Shape { sampler.sampleShape }

    /// How many samples are made in all, those of an animation's pictures included.
    var total: Int { count * (walk?.frames ?? 1) }
    /// Told how many samples are made.
    var progress: (Int) -> Void = { _ in }

    /// The samples, `[count, …]` in row-major order.
    func values() throws -> [Float] {
        try sampler.samples(of: latents(seed: seed), labels: labels, progress: progress)
    }

    /// The samples' classes; nil where there are none.
    var labels: [Int]? {
        sampler.condition.map { condition in
            label.map { Array(repeating: $0, count: count) } ?? condition.cycle(count)
        }
    }

    /// One picture of all samples, those of the plane over real points.
    func picture() throws -> PixelImage { try picture(of: values()) }

    private func picture(of values: [Float]) throws -> PixelImage {
        try imageGrid(
            values, sampleShape: sampleShape, columns: columns,
            classes: label == nil ? sampler.condition?.classes : nil)
    }

    /// Pictures on the way from this seed's latents to the next one's and back.
    ///
    /// - Precondition: There is a walk.
    func frames() throws -> [PixelImage] {
        guard let walk else { preconditionFailure("an animation has a walk") }
        let (start, end) = (try latents(seed: seed), try latents(seed: seed &+ 1))
        let there = try walk.shares.enumerated().map { frame, share in
            progress(frame * count)
            let latents = walk.way.latents(
                from: start, to: end, size: sampler.latent.size, at: share)
            return try picture(of: sampler.samples(of: latents, labels: labels))
        }
        return there + there.dropFirst().dropLast().reversed()
    }

    /// Images in a row of a picture.
    var columns: Int { Int(Double(count).squareRoot().rounded(.up)) }

    private func latents(seed: UInt64) throws -> [Float] {
        let latents = try sampler.latents(count, seed: seed)
        return truncation?.applied(to: latents) ?? latents
    }
}

/// A way between latents in steps.
struct LatentWalk {
    static let usualFrames = 30

    let way: Interpolation
    /// Pictures from one latent to the other, both among them; at least 2.
    let frames: Int

    /// Where on the way the pictures are, 0…1.
    var shares: [Double] { (0..<frames).map { Double($0) / Double(frames - 1) } }
}

extension SampleDrawing {
    /// The samples as text, one in each row.
    func csv() throws -> Data {
        let (values, size) = (try values(), sampleShape.count)
        let header = size == 2 ? ["x", "y"] : (0..<size).map { "value\($0)" }
        let rows = (0..<count).lazy.map { row in
            values[row * size..<(row + 1) * size].map(Double.init)
        }
        return try CSV.encode(header: header, rows: rows)
    }

    /// A picture with texts that tell which weights drew it.
    func stamped(_ png: Data) -> Data { PNGText.adding(stamp.texts, to: png) }

    /// A picture: images side by side, points of the plane over real ones.
    func pngData() throws -> Data {
        guard let distribution = configuration.data.distribution else {
            return try picture().pngData()
        }
        let view = PointView(
            distribution, seed: configuration.setup.seed, name: configuration.name)
        var figure = view.background("\(configuration.name): \(count) generated points")
        figure.series.append(
            .init("generated", points: points(try values()), colour: .red, opacity: 0.5))
        return try figure.pngData()
    }

    /// The frames as an animation that plays for ever.
    func animation() throws -> AnimatedGIF { try AnimatedGIF(frames: frames(), delay: 0.07) }

    /// Each image as a file of its own, of the size that the generator makes; those of a
    /// conditional generator in a subfolder for each class.
    func writePictures(to folder: RunFolder) throws {
        let (values, labels, size) = (try values(), labels, sampleShape.count)
        let digits = max(String(count - 1).count, 3)
        for index in 0..<count {
            let image = try PixelImage(
                values: values[index * size..<(index + 1) * size], width: sampleShape[1],
                height: sampleShape[0], channels: sampleShape[2])
            let number = String(index)
            let name = String(repeating: "0", count: digits - number.count) + number
            let subfolder = labels.map { "\($0[index])/" } ?? ""
            try folder.write(stamped(image.pngData()), at: "\(subfolder)\(name).png")
        }
    }
}

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
        let recorded = try MetricHistory.of(run)?.last()["augmentationProbability"]?.value
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
