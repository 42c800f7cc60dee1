import CPUExecutor
import NeuralNetworks
import TensorGraph
import Testing
import WGAN

/// Networks of the shape that is used for digits, but small: two layers of 4×4 kernels with stride
/// 2 on images of 28×28, mirrored in the generator.
private struct SmallDigits {
    static let batch = 4
    static let image: Shape = [28, 28, 1]
    let setup: TrainingSetup

    init() {
        var store = ParameterStore()
        let critic = store.scoped("critic") { store in
            Sequential([
                store.convolution("0", 1, 8), LeakyReLU(), store.convolution("1", 8, 16),
                LeakyReLU(),
                Flatten(), store.scoped("2") { Linear(784, 1, in: &$0) },
            ])
        }
        let generator = store.scoped("generator") { store in
            Sequential([
                store.scoped("0") { Linear(16, 784, in: &$0) },
                Reshape(channels: 16, height: 7, width: 7), ReLU(),
                store.transposed("1", 16, 8), ReLU(), store.transposed("2", 8, 1), Tanh(),
            ])
        }
        setup = TrainingSetup(
            latent: Latent(size: 16), generator: generator, critic: critic, parameters: store,
            constraint: GradientPenalty(), optimiser: Adam(learningRate: 1e-4),
            batchSize: Self.batch)
    }

    func step() throws -> Program {
        var store = setup.parameters
        return try CriticStep(setup, sampleShape: Self.image, in: &store).program
    }

    /// The critic's scores of one batch.
    func forward() throws -> Program {
        var pass = ForwardPass(.training)
        let batch = Tensor.input("x", Shape([Self.batch] + Self.image.dimensions))
        return try Program(outputs: [("y", setup.critic(batch, &pass))])
    }
}

extension ParameterStore {
    fileprivate mutating func convolution(_ name: String, _ inputs: Int, _ outputs: Int) -> Conv2d {
        scoped(name) {
            Conv2d(inputs, outputs, kernel: 4, stride: 2, padding: .symmetric(1), in: &$0)
        }
    }

    fileprivate mutating func transposed(
        _ name: String, _ inputs: Int, _ outputs: Int
    ) -> ConvTranspose2d {
        scoped(name) {
            ConvTranspose2d(inputs, outputs, kernel: 4, stride: 2, padding: .symmetric(1), in: &$0)
        }
    }
}

@Suite("The plan of a critic's step with gradient penalty") struct CriticPlanTests {
    private let networks = SmallDigits()

    private func contractions(_ program: Program) throws -> [PlannedStep] {
        try CPUDevice(threads: 1).plan(program).steps.filter {
            $0.step is MatrixProductStep || $0.step is ConvolutionStep
        }
    }

    @Test("computes no more than eleven passes through a network")
    func passes() throws {
        let pass = try contractions(networks.forward()).map(\.cost.flops).reduce(0, +)
        let all = try contractions(networks.step())
        #expect(Double(all.map(\.cost.flops).reduce(0, +)) <= 11 * Double(pass))
    }

    @Test("convolves as often as the derivation by hand")
    func count() throws {
        let steps = try contractions(networks.step())
        let directions = steps.compactMap { planned -> ConvolutionStep.Direction? in
            guard let step = planned.step as? ConvolutionStep else { return nil }
            return step.direction
        }
        let count = { (direction: ConvolutionStep.Direction) in
            directions.filter { $0 == direction }.count
        }
        // Two layers each: both batches forward, the interpolates forward, and the tangent of the
        // penalty forward.
        #expect(count(.forward) == 6)
        // The way back to images of one channel is a matrix product and a scatter.
        let scattered = try CPUDevice(threads: 1).plan(networks.step()).steps.filter {
            $0.step is FoldStep
        }.count
        // The generator's two layers, the second layer back for both batches, and both layers back
        // for the slope; the tangent needs no way back, since the activations are linear in parts.
        #expect(count(.inputGradient) + scattered == 5)
        // Each layer's weights, for both batches and for the penalty.
        #expect(count(.weightGradient) == 4)
    }
}
