import CPUExecutor
import Datasets
import NeuralNetworks
import TensorGraph
import Testing

@testable import WGAN
@testable import XLAExecutor

@Suite(
    "Several devices that share the work",
    .enabled(if: TestPlugin.isInstalled, TestPlugin.absence))
struct DevicesTests {
    private static let constraints: [any LipschitzConstraint] = [
        WeightClipping(bound: 0.1), GradientPenalty(coefficient: 10),
        GradientPenalty(coefficient: 10, sides: .above), SpectralProjection(),
        SpectralReparametrisation(), OrthonormalWeights(),
        CombinedConstraint([SpectralReparametrisation(), GradientPenalty(coefficient: 1)]),
    ]

    /// Losses of four steps and the parameters after them.
    private func course(
        _ setup: TrainingSetup, _ data: any SampleSource, on device: any Device
    ) throws -> (losses: [[Double]], weights: [Float]) {
        let trainer = try Trainer(setup, data: data, on: device)
        var losses: [[Double]] = []
        try trainer.train(
            to: 4, needingState: { _ in false }, observe: { losses.append($0.losses.values) })
        return (losses, trainer.parameters.parameters.flatMap { trainer.value(of: $0) })
    }

    private func compare(_ setup: TrainingSetup, _ data: any SampleSource) throws {
        let expected = try course(setup, data, on: CPUDevice(threads: 1))
        for count in [1, 2, 4] {
            let found = try course(setup, data, on: TestPlugin.device(count: count))
            for (a, b) in zip(expected.losses.joined(), found.losses.joined()) {
                #expect(
                    abs(a - b) <= 1e-3 * max(1, abs(a)), "\(setup.constraint), \(count): \(a), \(b)"
                )
            }
            let differences = zip(expected.weights, found.weights).map { abs($0 - $1) }
            let mean = differences.reduce(0, +) / Float(differences.count)
            #expect(mean <= 1e-4, "\(setup.constraint), \(count) devices: \(mean)")
        }
    }

    @Test("train a perceptron as one does, under every constraint", arguments: constraints.indices)
    func perceptrons(index: Int) throws {
        var store = ParameterStore(initialisation: .pyTorch)
        let network = { (name: String, outputs: Int) in
            store.scoped(name) { store in
                Sequential(
                    in: &store,
                    [
                        { Linear(2, 12, in: &$0) }, { _ in ReLU() }, { Linear(12, 12, in: &$0) },
                        { _ in ReLU() }, { Linear(12, outputs, in: &$0) },
                    ])
            }
        }
        var setup = TrainingSetup(
            latent: Latent(size: 2), generator: network("generator", 2),
            critic: network("critic", 1), parameters: store,
            constraint: Self.constraints[index],
            optimiser: RMSprop(learningRate: 1e-3), schedule: .fixed(iterations: 2), batchSize: 24,
            seed: 3)
        setup.averaging = ExponentialMovingAverage(decay: 0.9)
        let distribution = try MixtureOnGrid(count: 2)
        try compare(setup, PointSource(distribution, seed: 3))
    }

    @Test("take the statistics of whole batches: a DCGAN with batch normalisation")
    func convolutions() throws {
        var store = ParameterStore(initialisation: .pyTorch)
        let generator = store.scoped("generator") {
            Sequential(
                in: &$0,
                [
                    { Linear(3, 4 * 2 * 2, in: &$0) },
                    { _ in Reshape(channels: 4, height: 2, width: 2) },
                    { BatchNorm2d(4, in: &$0) }, { _ in ReLU() },
                    { ConvTranspose2d(4, 3, kernel: 4, stride: 2, padding: 1, in: &$0) },
                    { BatchNorm2d(3, in: &$0) }, { _ in ReLU() },
                    { ConvTranspose2d(3, 1, kernel: 4, stride: 2, padding: 1, in: &$0) },
                    { _ in Tanh() },
                ])
        }
        let critic = store.scoped("critic") {
            Sequential(
                in: &$0,
                [
                    { Conv2d(1, 3, kernel: 4, stride: 2, padding: 1, in: &$0) },
                    { _ in LeakyReLU(slope: 0.2) },
                    { Conv2d(3, 4, kernel: 4, stride: 2, padding: 1, in: &$0) },
                    { BatchNorm2d(4, in: &$0) }, { _ in LeakyReLU(slope: 0.2) },
                    { _ in Flatten() }, { Linear(16, 1, in: &$0) },
                ])
        }
        let setup = TrainingSetup(
            latent: Latent(size: 3), generator: generator, critic: critic, parameters: store,
            constraint: WeightClipping(bound: 0.1), optimiser: RMSprop(learningRate: 1e-3),
            schedule: .fixed(iterations: 2), batchSize: 8, seed: 5)
        let pixels = (0..<24 * 64).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 5) }
        let images = try ImageSet(height: 8, width: 8, channels: 1, pixels: pixels)
        try compare(setup, ImageSource(images, batchSize: 8, seed: 5, flips: true))
    }

    @Test("have random numbers of one, and results of any batch")
    func numbers() throws {
        let program = try Program(outputs: [
            ("noise", .randomNormal([6, 3], stream: 2)),
            ("uniform", .randomUniform([8, 5], stream: 9)),
            ("sum", Tensor.input("x", [4, 2]).sum(along: [0])),
            ("odd", Tensor.input("y", [5, 2]) * 2),
        ])
        let results = try [1, 2, 4].map { count in
            let executable = try TestPlugin.device(count: count).compile(program)
            for (name, shape) in program.inputs {
                _ = executable.input(name).update(from: (0..<shape.count).map { Float($0) })
            }
            try executable.run(RandomClock(seed: 7, step: 1 << 40))
            return ["noise", "uniform", "sum", "odd"].map { Array(executable.output($0)) }
        }
        #expect(results[0][2] == [12, 16] && results[0][3] == (0..<10).map { 2 * Float($0) })
        #expect(results[1] == results[0] && results[2] == results[0])
        let text = try Lowering.module(program, devices: 2)
        for part in ["[2,1]<=[2]", "{replicated}", "@Sharding"] { #expect(text.contains(part)) }
    }

    @Test("are asked for by their numbers, of which there must be as many")
    func names() throws {
        #expect(XLADevice.parts(of: "cuda:0-3") == ("cuda", 0..<4))
        #expect(XLADevice.parts(of: "cuda:2") == ("cuda", 2..<3))
        for text in ["cuda", "/a:b/c", "cuda:", "cuda:-1", "cuda:3-1", "cuda:1-2-3", "cuda:a-b"] {
            #expect(XLADevice.parts(of: text) == (text, 0..<1))
        }
        #expect(try TestPlugin.device(1, count: 3).count == 3)
        #expect(throws: ExecutionError.self) { try TestPlugin.device(2, count: 3) }
    }
}
