import NeuralNetworks
public import TensorGraph

extension Augmentation {
    /// Images as a critic is shown them, outside a training.
    ///
    /// - Parameters:
    ///   - images: `[N, H, W, C]` in row-major order.
    ///   - shape: `[H, W, C]`.
    ///   - probability: How often each change happens, in 0…1.
    ///   - seed: Which changes.
    /// - Returns: The changed images, `[N, H, W, C]`.
    /// - Throws: What compiling and running throw.
    public func applied(
        to images: [Float], of shape: Shape, probability: Double, seed: UInt64,
        on device: any Device
    ) throws -> [Float] {
        let batch = Shape([images.count / max(shape.count, 1)] + shape.dimensions)
        precondition(batch.count == images.count, "images are whole")
        let (input, output) = ("images", "shown images")
        var streams = RandomStreams()
        let shown = applied(
            to: .input(input, batch), probability: Tensor(probability), streams: &streams)
        let program = try device.compile(Program(outputs: [(output, shown)]))
        _ = program.input(input).update(fromContentsOf: images)
        try program.run(RandomClock(seed: seed))
        return Array(program.output(output))
    }

    /// The probability before the first update.
    public var initialProbability: Double {
        switch probability {
        case .scheduled(let number): number.value(at: 0)
        case .adaptive(let adaptive): adaptive.initial
        }
    }
}
