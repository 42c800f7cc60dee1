import ArgumentParser
import Datasets
package import NeuralNetworks
import Philox
package import TensorGraph
import WGAN

/// The trainings whose speed is measured; an iteration is five critic updates and one generator
/// update.
package enum Workload: String, CaseIterable, ExpressibleByArgument {
    case w1 = "W1"
    case w2 = "W2"
    case w3 = "W3"
    case w4 = "W4"
    case w5 = "W5"
    case w6 = "W6"
    case w7 = "W7"

    /// One line about the training.
    var summary: String {
        let constraint = isClipped ? "weight clipping" : "gradient penalty"
        return switch self {
        case .w1: "points of the plane, one hidden layer of 100, \(constraint)"
        case .w2, .w3: "points of the plane, three hidden layers of 512, \(constraint)"
        case .w4, .w5: "28×28 grey images, a DCGAN of two levels, \(constraint)"
        case .w6: "64×64 colour images, a DCGAN of four levels, \(constraint)"
        case .w7: "128×128 colour images, a DCGAN of five levels, \(constraint)"
        }
    }

    private var isClipped: Bool { self == .w1 || self == .w2 || self == .w4 }

    /// Samples in a batch where nothing else is asked for.
    var batchSize: Int {
        switch self {
        case .w1: 200
        case .w2: 128
        case .w3: 256
        case .w4, .w5: 64
        case .w6: 16
        case .w7: 64
        }
    }

    /// The size of hidden layers, or the channels of the widest image layer but one.
    var width: Int {
        switch self {
        case .w1: 100
        case .w2, .w3: 512
        case .w4, .w5, .w6, .w7: 64
        }
    }

    /// The training, without its data.
    func setup(
        batchSize: Int? = nil, width: Int? = nil, precision: Precision = .float32
    ) -> TrainingSetup {
        let isLarge = self == .w6 || self == .w7
        var store = ParameterStore(initialisation: isLarge ? .dcgan : .pyTorch)
        let width = width ?? self.width
        let generator = store.scoped("generator") { Sequential(in: &$0, generatorLayers(width)) }
        let critic = store.scoped("critic") { Sequential(in: &$0, criticLayers(width)) }
        let adam = Adam(learningRate: 1e-4, beta1: 0, beta2: 0.9)
        let constraint: any LipschitzConstraint =
            isClipped ? WeightClipping(bound: 0.01) : GradientPenalty(coefficient: 10)
        var setup = TrainingSetup(
            latent: Latent(size: sampleShape.rank == 1 ? 2 : 128), generator: generator,
            critic: critic, parameters: store, constraint: constraint,
            optimiser: self == .w2 || self == .w4 ? RMSprop(learningRate: 5e-5) : adam,
            batchSize: batchSize ?? self.batchSize)
        setup.precision = precision
        return setup
    }

    /// The two programs of an iteration and the store of all their variables.
    package func programs(
        batchSize: Int? = nil, width: Int? = nil
    ) throws -> (critic: Program, generator: Program, store: ParameterStore) {
        try programs(of: setup(batchSize: batchSize, width: width))
    }

    /// The two programs of an iteration of one of the workload's trainings.
    func programs(
        of setup: TrainingSetup
    ) throws -> (critic: Program, generator: Program, store: ParameterStore) {
        var store = setup.parameters
        let critic = try CriticStep(setup, sampleShape: sampleShape, in: &store).program
        let generator = try GeneratorStep(setup, sampleShape: sampleShape, in: &store).program
        return (critic, generator, store)
    }

    /// The extents of one sample.
    var sampleShape: Shape {
        switch self {
        case .w1, .w2, .w3: [2]
        case .w4, .w5: [28, 28, 1]
        case .w6: [64, 64, 3]
        case .w7: [128, 128, 3]
        }
    }

    private typealias Maker = (inout ParameterStore) -> any Layer

    private func generatorLayers(_ width: Int) -> [Maker] {
        switch self {
        case .w1: Self.perceptron([2, width, 2])
        case .w2, .w3: Self.perceptron([2, width, width, width, 2])
        case .w4, .w5:
            [
                { Linear(128, 49 * 2 * width, in: &$0) },
                { _ in Reshape(channels: 2 * width, height: 7, width: 7) },
                { BatchNorm2d(2 * width, in: &$0) }, { _ in ReLU() },
                { Self.enlarging(2 * width, width, bias: true, in: &$0) },
                { BatchNorm2d(width, in: &$0) }, { _ in ReLU() },
                { Self.enlarging(width, 1, bias: true, in: &$0) }, { _ in Tanh() },
            ]
        case .w6: Self.imageGenerator(width, levels: 4)
        case .w7: Self.imageGenerator(width, levels: 5)
        }
    }

    private func criticLayers(_ width: Int) -> [Maker] {
        switch self {
        case .w1: Self.perceptron([2, width, 1])
        case .w2, .w3: Self.perceptron([2, width, width, width, 1])
        case .w4, .w5:
            [
                { Self.halving(1, width, bias: true, in: &$0) }, { _ in LeakyReLU(slope: 0.2) },
                { Self.halving(width, 2 * width, bias: true, in: &$0) },
                { _ in LeakyReLU(slope: 0.2) }, { _ in Flatten() },
                { Linear(49 * 2 * width, 1, in: &$0) },
            ]
        case .w6: Self.imageCritic(width, levels: 4)
        case .w7: Self.imageCritic(width, levels: 5)
        }
    }

    private static func perceptron(_ sizes: [Int]) -> [Maker] {
        let makers = zip(sizes, sizes.dropFirst()).flatMap { inputs, outputs -> [Maker] in
            [{ Linear(inputs, outputs, in: &$0) }, { _ in ReLU() }]
        }
        return makers.dropLast()
    }

    private static func imageGenerator(_ width: Int, levels: Int) -> [Maker] {
        let sizes = (0..<levels).reversed().map { width << $0 }
        var makers: [Maker] = [
            { _ in Reshape(channels: 128, height: 1, width: 1) },
            { ConvTranspose2d(128, sizes[0], kernel: 4, bias: false, in: &$0) },
        ]
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            makers += [
                { BatchNorm2d(inputs, in: &$0) }, { _ in ReLU() },
                { enlarging(inputs, outputs, bias: false, in: &$0) },
            ]
        }
        makers += [
            { BatchNorm2d(width, in: &$0) }, { _ in ReLU() },
            { enlarging(width, 3, bias: false, in: &$0) }, { _ in Tanh() },
        ]
        return makers
    }

    private static func imageCritic(_ width: Int, levels: Int) -> [Maker] {
        let sizes = [3] + (0..<levels).map { width << $0 }
        let makers = zip(sizes, sizes.dropFirst()).flatMap { inputs, outputs -> [Maker] in
            [{ halving(inputs, outputs, bias: false, in: &$0) }, { _ in LeakyReLU(slope: 0.2) }]
        }
        return makers + [
            { Conv2d(width << (levels - 1), 1, kernel: 4, bias: false, in: &$0) },
            { _ in Flatten() },
        ]
    }

    private static func halving(
        _ inputs: Int, _ outputs: Int, bias: Bool, in store: inout ParameterStore
    ) -> Conv2d {
        Conv2d(inputs, outputs, kernel: 4, stride: 2, padding: 1, bias: bias, in: &store)
    }

    private static func enlarging(
        _ inputs: Int, _ outputs: Int, bias: Bool, in store: inout ParameterStore
    ) -> ConvTranspose2d {
        ConvTranspose2d(inputs, outputs, kernel: 4, stride: 2, padding: 1, bias: bias, in: &store)
    }
}

/// Uniform numbers in −1…1 in place of data, drawn once: decoding is not what is measured.
struct NoiseSource: SampleSource {
    let sampleShape: Shape
    let seed: UInt64

    func fill(_ batch: Batch, number: Int) {
        guard number == 0 else { return }
        var random = RandomStream(seed: seed, stream: UInt32(sampleShape.count))
        for index in batch.samples.indices { batch.samples[index] = 2 * random.nextUniform() - 1 }
    }
}
