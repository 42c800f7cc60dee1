public import NeuralNetworks
public import TensorGraph

/// Turns latents into samples with the generator as it is, outside training.
///
/// Samples come in batches of one size, so that the first of many samples are those of few.
public final class Sampler {
    /// Samples that are made at a time.
    public static let batchSize = 100
    private static let (latents, labels, output) = ("latents", "labels", "samples")

    /// What the generator is fed with.
    public let latent: Latent
    /// What the generator is told beside the latent; nil where it is not conditional.
    public let condition: Condition?
    /// The extents of one sample.
    public let sampleShape: Shape
    /// The networks' parameters, with the averages where sampling uses them.
    public let parameters: ParameterStore
    private let drawing: any Executable
    private let generator: any Executable
    private let takesLabels: Bool

    /// Compiles the generator in inference mode.
    ///
    /// - Parameters:
    ///   - setup: The training whose generator it is.
    ///   - averaged: Whether averaged weights stand in for the last ones where the setup has
    ///     averages.
    ///   - device: Where the generator's parameters have their values.
    public init(_ setup: TrainingSetup, averaged: Bool = true, on device: any Device) throws {
        var store = setup.parameters
        let parameters = store.trainable(in: "generator")
        let averaging = averaged ? setup.averaging : nil
        let weights = averaging?.replacements(for: parameters, in: &store) ?? [:]
        var pass = ForwardPass(.inference, replacing: weights)
        let drawn = setup.latent.sample(Self.batchSize, stream: pass.takeStream())
        if setup.condition != nil { pass.labels = .input(Self.labels, [Self.batchSize]) }
        let samples = setup.generator(.input(Self.latents, drawn.shape), &pass)
        let program = try Program(outputs: [(Self.output, samples)])
        sampleShape = Shape(Array(samples.shape.dimensions.dropFirst()))
        (self.parameters, latent, condition) = (store, setup.latent, setup.condition)
        drawing = try device.compile(Program(outputs: [(Self.latents, drawn)]))
        takesLabels = program.inputs.contains { $0.name == Self.labels }
        generator = try device.compile(program)
    }

    /// `count` latents, `[count, latent.size]` in row-major order; one seed always means the same.
    public func latents(_ count: Int, seed: UInt64) throws -> [Float] {
        var latents: [Float] = []
        latents.reserveCapacity(count * latent.size)
        var batch: UInt64 = 0
        while latents.count < count * latent.size {
            try drawing.run(RandomClock(seed: seed, step: batch))
            let missing = count * latent.size - latents.count
            latents.append(contentsOf: drawing.output(Self.latents).prefix(missing))
            batch += 1
        }
        return latents
    }

    /// The samples of latents `[N, latent.size]`: `[N, …]` in row-major order.
    ///
    /// - Parameters:
    ///   - latents: Whole latents, in row-major order.
    ///   - labels: For a conditional generator the samples' classes, `[N]`; where nil, all classes
    ///     follow each other again and again.
    ///   - progress: Told after each batch how many samples are done.
    public func samples(
        of latents: [Float], labels: [Int]? = nil, progress: (Int) -> Void = { _ in }
    ) throws -> [Float] {
        precondition(latents.count.isMultiple(of: latent.size), "latents are whole")
        let count = latents.count / latent.size
        let labels = condition.map { labels ?? $0.cycle(count) }
        precondition(labels.map { $0.count == count } ?? true, "each latent has a label")
        var samples: [Float] = []
        samples.reserveCapacity(count * sampleShape.count)
        for first in stride(from: 0, to: count, by: Self.batchSize) {
            let rows = min(Self.batchSize, count - first)
            _ = generator.input(Self.latents).update(
                fromContentsOf: latents[first * latent.size..<(first + rows) * latent.size])
            if takesLabels, let labels {
                let room = generator.input(Self.labels)
                for row in 0..<rows { room[row] = Float(labels[first + row]) }
            }
            try generator.run(RandomClock(seed: 0))
            samples.append(
                contentsOf: generator.output(Self.output).prefix(rows * sampleShape.count))
            progress(first + rows)
        }
        return samples
    }

    /// `count` samples in row-major order, `[count, …]`; one seed always means the same latents.
    public func sample(
        _ count: Int, seed: UInt64, progress: (Int) -> Void = { _ in }
    ) throws -> [Float] {
        try samples(of: latents(count, seed: seed), progress: progress)
    }
}

extension Trainer {
    /// `count` samples of the generator as it is now, `[count, …]` in row-major order.
    ///
    /// Latents of sampling are apart from those of training: the seed here is a choice of its own.
    /// Pictures of a training are of seed 0 whatever the training's own, so that those of several
    /// trainings can be held beside each other, latent by latent.
    public func sample(_ count: Int, seed: UInt64 = 0) throws -> [Float] {
        let sampler = try self.sampler ?? Sampler(setup, on: device)
        self.sampler = sampler
        return try sampler.sample(count, seed: seed)
    }

    /// The present value of a parameter in row-major order.
    public func value(of parameter: Parameter) -> [Float] {
        device.value(of: parameter.variable) ?? []
    }
}
