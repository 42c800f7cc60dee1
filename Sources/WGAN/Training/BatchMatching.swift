import NeuralNetworks
import OptimalTransport
import TensorGraph

/// Brings a real batch into the order in which exact transport matches it with the samples that the
/// generator's next update will make.
final class BatchMatching {
    private let executable: any Executable
    private let seed: UInt64
    private let shape: Shape
    private static let samples = "generated"

    /// Compiles the generator with the random numbers of its update.
    init(_ setup: TrainingSetup, on device: any Device) throws {
        var pass = GeneratorStep.pass(recordsUpdates: false)
        let latent = setup.latent.sample(setup.batchSize, stream: pass.takeStream())
        let generated = setup.generator(latent, &pass)
        executable = try device.compile(Program(outputs: [(Self.samples, generated)]))
        (seed, shape) = (setup.seed, generated.shape)
    }

    /// Reorders `real`, `[N, …]`, for an update of the generator.
    ///
    /// - Throws: A `TransportError` for samples that are not finite or too many.
    func order(_ real: UnsafeMutableBufferPointer<Float>, forUpdate number: Int) throws {
        try executable.run(RandomClock(seed: seed, step: UInt64(number)))
        let size = shape.count / shape[0]
        let partners = try Assignment.solve(
            .distances(
                DiscreteMeasure(Array(executable.output(Self.samples)), dimensions: size),
                DiscreteMeasure(Array(real), dimensions: size))
        ).columns
        let copy = Array(real)
        for (row, partner) in partners.enumerated() {
            for place in 0..<size { real[row * size + place] = copy[partner * size + place] }
        }
    }
}
