import CPUExecutor
import TensorGraph
import Testing

/// A critic's step with gradient penalty over images of 28×28, as small networks of the shape that
/// is used for digits: two layers of 4×4 kernels with stride 2, mirrored in the generator.
private struct CriticStep {
    static let batch = 4
    static let channels = (8, 16)
    static let geometry = ConvolutionGeometry(stride: 2, padding: 1)

    let first = Variable("critic.0", [channels.0, 1, 4, 4])
    let second = Variable("critic.1", [channels.1, channels.0, 4, 4])
    let last = Variable("critic.2", [1, 49 * channels.1])

    func critic(_ x: Tensor) -> Tensor {
        var y = x.convolved(first.tensor, Self.geometry)
        y = .select(y .> 0, y, 0.2 * y)
        y = y.convolved(second.tensor, Self.geometry)
        y = .select(y .> 0, y, 0.2 * y)
        return y.reshaped([x.shape[0], 49 * Self.channels.1])
            .matmul(last.tensor, transposeSecond: true)
    }

    func generator(_ latent: Tensor) -> Tensor {
        let weights = [
            Variable("generator.0", [49 * Self.channels.1, latent.shape[1]]),
            Variable("generator.1", [Self.channels.1, Self.channels.0, 4, 4]),
            Variable("generator.2", [Self.channels.0, 1, 4, 4]),
        ]
        var y = latent.matmul(weights[0].tensor, transposeSecond: true)
        y = .maximum(y.reshaped([latent.shape[0], 7, 7, Self.channels.1]), 0)
        y = y.convolutionInputGradient(weights[1].tensor, Self.geometry, inputSize: (14, 14))
        y = .maximum(y, 0)
        return y.convolutionInputGradient(weights[2].tensor, Self.geometry, inputSize: (28, 28))
            .tanh()
    }

    /// The mean of (‖∇f‖ − 1)² between both batches.
    func penalty(_ real: Tensor, _ generated: Tensor) -> Tensor {
        let mixing = Tensor.randomUniform([Self.batch, 1, 1, 1], stream: 2)
        let samples = (mixing * real + (1 - mixing) * generated).stoppingGradient()
        let slopes = gradients(of: critic(samples).sum(), withRespectTo: [samples])[0]
        let norms = ((slopes * slopes).sum(along: [1, 2, 3]) + 1e-12).sqrt()
        return ((norms - 1) * (norms - 1)).mean()
    }

    func program() throws -> Program {
        let real = Tensor.input("real", [Self.batch, 28, 28, 1])
        let generated = generator(.randomNormal([Self.batch, 16], stream: 1)).stoppingGradient()
        let scores = critic(.concatenated([real, generated]))
        let estimate =
            scores.sliced(axis: 0, 0..<Self.batch).mean()
            - scores.sliced(axis: 0, Self.batch..<2 * Self.batch).mean()
        let loss = 10 * penalty(real, generated) - estimate
        let parameters = [first, second, last]
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.tensor))
        return try Program(
            outputs: [("estimate", estimate)],
            updates: zip(parameters, slopes).map { ($0, $0.tensor - 1e-4 * $1) })
    }
}

@Suite("The plan of a critic's step with gradient penalty") struct CriticPlanTests {
    private let step = CriticStep()

    private func contractions(_ program: Program) throws -> [PlannedStep] {
        try CPUDevice(threads: 1).plan(program).steps.filter {
            switch $0.step {
            case .matrixProduct, .convolution: true
            default: false
            }
        }
    }

    @Test("computes no more than eleven passes through a network")
    func passes() throws {
        let forward = try contractions(
            Program(outputs: [("y", step.critic(.input("x", [CriticStep.batch, 28, 28, 1])))]))
        let pass = forward.map(\.cost.flops).reduce(0, +)
        let all = try contractions(step.program())
        #expect(Double(all.map(\.cost.flops).reduce(0, +)) <= 11 * Double(pass))
    }

    @Test("convolves as often as the derivation by hand")
    func count() throws {
        let steps = try contractions(step.program())
        let directions = steps.compactMap { planned -> ConvolutionStep.Direction? in
            guard case .convolution(let step) = planned.step else { return nil }
            return step.direction
        }
        let count = { (direction: ConvolutionStep.Direction) in
            directions.filter { $0 == direction }.count
        }
        // Two layers each: both batches forward, the interpolates forward, and the tangent of the
        // penalty forward.
        #expect(count(.forward) == 6)
        // The way back to images of one channel is a matrix product and a scatter.
        let scattered = try CPUDevice(threads: 1).plan(step.program()).steps.filter {
            if case .fold = $0.step { true } else { false }
        }.count
        // The generator's two layers, the second layer back for both batches, and both layers back
        // for the slope; the tangent needs no way back, since the activations are linear in parts.
        #expect(count(.inputGradient) + scattered == 5)
        // Each layer's weights, for both batches and for the penalty.
        #expect(count(.weightGradient) == 4)
    }
}
