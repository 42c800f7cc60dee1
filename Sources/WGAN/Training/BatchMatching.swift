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

    /// Reorders `real`, `[N, …]`, for an update of the generator; not where that will make samples
    /// that are not finite.
    ///
    /// - Throws: A `TransportError` for real samples that are not finite, and for too many.
    func order(_ real: UnsafeMutableBufferPointer<Float>, forUpdate number: Int) throws {
        try executable.run(RandomClock(seed: seed, step: UInt64(number)))
        let generated = Array(executable.output(Self.samples))
        // The update's loss will tell.
        guard generated.allSatisfy(\.isFinite) else { return }
        let size = shape.count / shape[0]
        let partners = try Assignment.solve(
            .distances(
                DiscreteMeasure(generated, dimensions: size),
                DiscreteMeasure(Array(real), dimensions: size))
        ).columns
        let copy = Array(real)
        for (row, partner) in partners.enumerated() {
            for place in 0..<size { real[row * size + place] = copy[partner * size + place] }
        }
    }
}
