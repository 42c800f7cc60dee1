import CPUExecutor
import Foundation
import NeuralNetworks
import TensorGraph
import Testing

@testable import WGAN

@Suite("Audits of critics")
struct CriticAuditTests {
    @Test("an estimate divided by the slope is never above the exact distance")
    func bound() throws {
        let constraints: [any LipschitzConstraint] = [
            WeightClipping(bound: 0.1), SpectralProjection(), GradientPenalty(coefficient: 10),
            SpectralReparametrisation(), CombinedConstraint([]),
        ]
        for constraint in constraints {
            let trainer = try SmallTraining(
                constraint: constraint, schedule: .fixed(iterations: 5)
            ).trainer()
            for step in [0, 10, 20] {
                try trainer.train(to: step)
                let audit = try trainer.auditCritic(sampleCount: 60, seed: UInt64(step))
                #expect(audit.scaledEstimate <= audit.exactW1 * (1 + 1e-6))
                #expect(audit.largestPairSlope <= audit.spectralProduct * (1 + 1e-4))
                #expect(audit.gradientNorms.largest <= audit.spectralProduct * (1 + 1e-4))
                #expect(audit.slicedW1 <= audit.exactW1)
            }
        }
    }

    @Test("a training that is audited gives the same bits as one that is not")
    func noSideEffect() throws {
        let constraint = SpectralReparametrisation()
        let trainers = try (0..<2).map { _ in
            try SmallTraining(constraint: constraint).trainer()
        }
        try trainers[0].train(to: 30)
        try trainers[1].train(to: 30) { trainer in
            if trainer.step % 7 == 0 { _ = try trainer.auditCritic(sampleCount: 10) }
        }
        #expect(trainers[0].losses == trainers[1].losses)
        #expect(
            try trainers[0].sample(20).map(\.bitPattern)
                == trainers[1].sample(20).map(\.bitPattern))
    }

    @Test("of a linear critic all slopes are the length of its weight")
    func linear() throws {
        let trainer = try SmallTraining(constraint: CombinedConstraint([])).trainer { setup in
            var store = ParameterStore(initialisation: .xavier)
            let scopes = setup.parameters.trainable(in: "generator").map(\.name)
            setup.generator = store.scoped("generator") { Linear(2, 2, in: &$0) }
            setup.critic = store.scoped("critic") { Linear(2, 1, in: &$0) }
            setup.parameters = store
            #expect(!scopes.isEmpty)
        }
        let weight = try #require(trainer.parameters["critic.weight"])
        let length = trainer.value(of: weight).map { Double($0 * $0) }.reduce(0, +).squareRoot()
        let audit = try trainer.auditCritic(sampleCount: 50)
        for slope in [
            audit.gradientNorms.smallest, audit.gradientNorms.median, audit.gradientNorms.largest,
            audit.spectralProduct,
        ] {
            #expect(abs(slope - length) < 1e-5 * length)
        }
        #expect(audit.largestPairSlope <= length * (1 + 1e-4))
        #expect(audit.largestPairSlope > 0.9 * length)
        #expect(audit.gradientNorms.standardDeviation < 1e-6)
    }

    /// A critic with a convolution of 2×2 windows, of one channel, on images of 6×6 pixels.
    private func convolutional(
        stride: Int, _ constraint: any LipschitzConstraint
    ) throws -> Trainer {
        let side = 6
        return try SmallTraining(constraint: constraint).trainer { setup in
            var store = ParameterStore()
            setup.generator = store.scoped("generator") { Linear(2, 2, in: &$0) }
            setup.critic = store.scoped("critic") { store in
                Sequential(
                    in: &store,
                    [
                        { Linear(2, side * side, in: &$0) },
                        { _ in Reshape(channels: 1, height: side, width: side) },
                        { Conv2d(1, 1, kernel: 2, stride: stride, bias: false, in: &$0) },
                        { Conv2d(1, 1, kernel: side / stride - stride % 2, in: &$0) },
                        { _ in Flatten() },
                    ])
            }
            setup.parameters = store
        }
    }

    @Test("orthonormal convolutions make a product of norms of at most 1", arguments: [1, 2])
    func orthonormalConvolutions(stride: Int) throws {
        let trainer = try convolutional(stride: stride, OrthonormalWeights())
        try trainer.train(to: 20)
        let audit = try trainer.auditCritic(sampleCount: 100)
        let norms = audit.spectralNorms.map(\.norm)
        #expect(norms.count == 3 && norms.allSatisfy { $0 <= 1 + 1e-4 })
        // Where windows do not overlap nothing is lost.
        #expect(abs(norms[0] - 1) < 1e-3 && (stride == 1 || abs(norms[1] - 1) < 1e-3))
        #expect(audit.lipschitzConstant <= audit.spectralProduct * (1 + 1e-4))
    }

    @Test("a convolution's norm is that of all its windows", arguments: [1, 2])
    func convolution(stride: Int) throws {
        let trainer = try convolutional(stride: stride, CombinedConstraint([]))
        let kernel = try #require(trainer.parameters["critic.2.weight"])
        try trainer.device.set(kernel.variable, to: [1, 1, 1, 1])
        let audit = try trainer.auditCritic(sampleCount: 20)
        // Along one axis AAᵀ has 2 on its diagonal and 1 beside it.
        let expected = stride == 1 ? 2 + 2 * cos(Double.pi / 6) : 2
        let norms = Dictionary(
            uniqueKeysWithValues: audit.spectralNorms.map { ($0.name, $0.norm) })
        #expect(abs(try #require(norms["critic.2.weight"]) - expected) < 1e-4)
        #expect(audit.gradientNorms.largest <= audit.spectralProduct * (1 + 1e-4))
        #expect(audit.largestPairSlope <= audit.spectralProduct * (1 + 1e-4))
    }

    @Test("norms of convolutions of any kind are found", arguments: LinearLayerCase.all)
    func convolutions(layerCase: LinearLayerCase) throws {
        var store = ParameterStore(initialisation: .normal(deviation: 1))
        let layer = store.scoped("critic") { layerCase.make(&$0) }
        let device = CPUDevice(threads: 1)
        for (variable, values) in try store.initialValues(seed: 5) {
            try device.set(variable, to: values)
        }
        let count = layerCase.input.count
        // The images of all unit vectors are the rows of the map's matrix.
        let units = Tensor.iota([count, count], axis: 0) .== .iota([count, count], axis: 1)
        var pass = ForwardPass(.inference)
        let shape = Shape([count] + layerCase.input.dimensions.dropFirst())
        let rows = layer(units.reshaped(shape), &pass)
        let matrix = rows.reshaped([count, rows.shape.count / count])
        let program = try device.compile(
            Program(outputs: [("norm", SpectralNorm.exact(matrix))]))
        try program.run(RandomClock(seed: 0))
        guard layerCase.input.rank == 4 else {
            #expect(try ConvolutionNorms(pass, on: device) == nil)
            return
        }
        let found = try #require(try ConvolutionNorms(pass, on: device)).measure()
        let norm = try #require(found["critic.weight"])
        #expect(abs(norm - Double(program.scalar("norm"))) < 1e-3 * norm)
    }

    @Test("the signs of the other convention make no difference to the estimate")
    func signs() throws {
        let audits = try SignConvention.allCases.map { convention in
            let trainer = try SmallTraining(
                constraint: GradientPenalty(coefficient: 10), schedule: .fixed(iterations: 30)
            ).trainer { $0.signs = convention }
            try trainer.train(to: 15)
            return try trainer.auditCritic(sampleCount: 100)
        }
        #expect(audits.allSatisfy { $0.estimate > 0 })
    }

    @Test("the share of weights at the clip bound is known where weights are clipped")
    func clipping() throws {
        let clipped = WeightClipping(bound: 0.01)
        for constraint: any LipschitzConstraint in [clipped, CombinedConstraint([clipped])] {
            let trainer = try SmallTraining(constraint: constraint).trainer()
            try trainer.train(to: 20)
            let share = try #require(try trainer.auditCritic(sampleCount: 20).shareAtBound)
            #expect(share > 0.3 && share <= 1)
        }
        let free = try SmallTraining(constraint: GradientPenalty()).trainer()
        #expect(try free.auditCritic(sampleCount: 20).shareAtBound == nil)
        let kernels = WeightClipping(bound: 0.01, onlyConvolutionKernels: true)
        let dense = try SmallTraining(constraint: kernels).trainer()
        #expect(try dense.auditCritic(sampleCount: 20).shareAtBound == nil)
    }

    @Test("weights count as they are computed with, also where a vector was not saved")
    func reparametrised() throws {
        let training = SmallTraining(constraint: SpectralReparametrisation())
        let trainer = try training.trainer()
        try trainer.train(to: 200)
        let audit = try trainer.auditCritic(sampleCount: 20)
        #expect(audit.spectralNorms.allSatisfy { abs($0.norm - 1) < 0.05 })
        let device = CPUDevice(threads: 1)
        for parameter in training.setup.parameters.parameters {
            try device.set(parameter.variable, to: trainer.value(of: parameter))
        }
        let auditor = try CriticAuditor(
            training.setup, sampleShape: [2], sampleCount: 20, on: device)
        let samples = trainer.realSamples(60)
        let again = try auditor.audit(
            real: Array(samples[0..<40]), generated: Array(samples[40..<80]),
            otherReal: Array(samples[80..<120]), seed: 1)
        #expect(again.spectralNorms.allSatisfy { abs($0.norm - 1) < 1e-3 })
    }

    @Test("real samples of an audit are its own, and the same for the same seed")
    func realSamples() throws {
        let trainer = try SmallTraining().trainer()
        #expect(trainer.realSamples(300).count == 600)
        #expect(trainer.realSamples(10, seed: 1) == trainer.realSamples(10, seed: 1))
        #expect(trainer.realSamples(10, seed: 1) != trainer.realSamples(10, seed: 2))
        #expect(throws: TrainingError.self) { try trainer.auditCritic(sampleCount: 1) }
    }

    @Test(
        "the verdict tells good critics from bad ones",
        arguments: [
            (1.0, 1.0, 1.0, 0.1, "nearly optimal"), (0.7, 1.0, 1.0, 0.1, "fair"),
            (0.2, 1.0, 1.0, 0.1, "far from optimal"), (-0.1, 1.0, 1.0, 0.1, "not even positive"),
            (0.1, 1.0, 0.1, 0.1, "is hardly above that"), (0.0, 0.0, 1.0, 0.1, "is flat"),
            (0.004, 0.01, 1.0, 0.1, "smaller than it should be"),
            (9.5, 10.0, 1.0, 0.1, "as many times too large"),
        ])
    func verdict(
        estimate: Double, slope: Double, exact: Double, floor: Double, words: String
    ) {
        let audit = CriticAudit(
            sampleCount: 100, estimatesWasserstein: true, estimate: estimate, exactW1: exact,
            floorW1: floor, slicedW1: exact,
            largestPairSlope: slope, gradientNorms: GradientNorms([slope, slope]),
            spectralNorms: [], shareAtBound: 0.8)
        #expect(audit.verdict.contains(words), "\(audit.verdict)")
        #expect(audit.verdict.contains("80 % of its weights are at the clip bound"))
    }

    @Test("quartiles of gradient norms are interpolated")
    func quartiles() {
        let norms = GradientNorms([4, 0, 3, 1, 2])
        #expect((norms.smallest, norms.lowerQuartile, norms.median) == (0, 1, 2))
        #expect((norms.upperQuartile, norms.largest, norms.mean) == (3, 4, 2))
        #expect(GradientNorms([0, 1]).median == 0.5)
    }

    @Test("a yardstick brackets the distance in the plane, and changes nothing else of an audit")
    func yardstick() throws {
        let trainer = try SmallTraining().trainer()
        let plain = try trainer.auditCritic(sampleCount: 200, seed: 3)
        var audit = try trainer.auditCritic(sampleCount: 200, seed: 3, hasYardstick: true)
        let yardstick = try #require(audit.yardstick)
        // Fresh samples differ by chance, 200 of them by less than a fifth of this distance.
        #expect((0.8...1.2).contains(yardstick.heldOutPotentials / audit.exactW1))
        #expect(yardstick.cTransform <= audit.exactW1 + 1e-9)
        #expect(yardstick.cTransform >= audit.estimate - 1e-6 || audit.lipschitzConstant > 1)
        audit.yardstick = nil
        #expect(audit == plain)
    }

}
