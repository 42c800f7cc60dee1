import Figures
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
