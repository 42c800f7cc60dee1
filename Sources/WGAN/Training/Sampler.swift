public import NeuralNetworks
public import TensorGraph

/// Turns latents into samples with the generator as it is, outside training.
///
/// Samples come in batches of one size, so that the first of many samples are those of few.
public final class Sampler {
    /// Samples that are made at a time.
    public static let batchSize = 100
    private static let output = "samples"

    /// The extents of one sample.
    public let sampleShape: Shape
    /// The networks' parameters, with the averages that sampling uses where the setup has them.
    public let parameters: ParameterStore
    private let executable: any Executable

    /// Compiles the generator in inference mode, with averaged weights where the setup has them.
    public init(_ setup: TrainingSetup, on device: any Device) throws {
        var store = setup.parameters
        let parameters = store.trainable(in: "generator")
        let weights = setup.averaging?.replacements(for: parameters, in: &store) ?? [:]
        var pass = ForwardPass(.inference, replacing: weights)
        let latent = setup.latent.sample(Self.batchSize, stream: pass.takeStream())
        let samples = setup.generator(latent, &pass)
        let program = try Program(outputs: [(Self.output, samples)])
        sampleShape = Shape(Array(samples.shape.dimensions.dropFirst()))
        self.parameters = store
        executable = try device.compile(program)
    }

    /// `count` samples in row-major order, `[count, …]`; one seed always means the same latents.
    public func sample(_ count: Int, seed: UInt64) throws -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(count * sampleShape.count)
        var batch: UInt64 = 0
        while samples.count < count * sampleShape.count {
            try executable.run(RandomClock(seed: seed, step: batch))
            let missing = count * sampleShape.count - samples.count
            samples.append(contentsOf: executable.output(Self.output).prefix(missing))
            batch += 1
        }
        return samples
    }
}

extension Trainer {
    /// `count` samples of the generator as it is now, `[count, …]` in row-major order.
    ///
    /// Latents of sampling are apart from those of training: the seed here is a choice of its own.
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
