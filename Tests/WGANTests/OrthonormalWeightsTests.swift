import GraphTestSupport
import NeuralNetworks
import Philox
import TensorGraph
import Testing
import WGAN

/// A layer of a critic, and what it is given.
struct LinearLayerCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let input: Shape
    let make: @Sendable (inout ParameterStore) -> any Layer

    static let all: [Self] = [
        .init(testDescription: "narrowing", input: [1, 7]) { Linear(7, 3, bias: false, in: &$0) },
        .init(testDescription: "widening", input: [1, 3]) { Linear(3, 7, bias: false, in: &$0) },
        .init(testDescription: "stride 1", input: [1, 5, 6, 2]) {
            Conv2d(2, 3, kernel: 3, padding: 1, bias: false, in: &$0)
        },
        .init(testDescription: "stride 2", input: [1, 6, 6, 2]) {
            Conv2d(2, 5, kernel: 4, stride: 2, padding: 1, bias: false, in: &$0)
        },
        .init(testDescription: "stride 3 of 4", input: [1, 7, 7, 2]) {
            Conv2d(2, 5, kernel: 4, stride: 3, padding: 2, bias: false, in: &$0)
        },
        .init(testDescription: "no overlap", input: [1, 6, 6, 2]) {
            Conv2d(2, 5, kernel: 2, stride: 2, bias: false, in: &$0)
        },
        .init(testDescription: "groups", input: [1, 4, 4, 4]) {
            Conv2d(4, 4, kernel: 3, padding: 1, groups: 2, bias: false, in: &$0)
        },
        .init(testDescription: "transposed", input: [1, 3, 3, 4]) {
            ConvTranspose2d(4, 2, kernel: 4, stride: 2, padding: 1, bias: false, in: &$0)
        },
        .init(testDescription: "transposed groups", input: [1, 3, 3, 4]) {
            ConvTranspose2d(
                4, 6, kernel: 3, stride: 1, padding: 1, groups: 2, bias: false, in: &$0)
        },
    ]
}

@Suite("Orthonormal weights")
struct OrthonormalWeightsTests {
    /// The layer's largest gain for vectors, by power iteration through the layer itself.
    private func gain(_ layerCase: LinearLayerCase, _ constraint: OrthonormalWeights) throws
        -> Double
    {
        var store = ParameterStore(initialisation: .normal(deviation: 1))
        let layer = store.scoped("critic") { layerCase.make(&$0) }
        var context = ConstraintContext(store: store)
        let weights = constraint.replacements(
            for: store.trainable(in: "critic"), in: &context)
        var random = RandomStream(seed: 3, stream: 1)
        let start = (0..<layerCase.input.count).map { _ in Double(random.nextNormal()) }
        let x = Tensor.input("x", layerCase.input)
        var pass = ForwardPass(.training, replacing: weights)
        let y = layer(x, &pass)
        // Aᵀ A x is half the gradient of |A x|².
        let back = gradients(of: 0.5 * y.squared().sum(), withRespectTo: [x])[0]
        let program = try Program(outputs: [("y", y), ("back", back)])
        var variables: [String: ReferenceTensor] = [:]
        for (variable, values) in try store.initialValues(seed: 5) {
            variables[variable.name] = ReferenceTensor(
                shape: variable.shape, values: values.map(Double.init))
        }
        let executor = ReferenceExecutor(variables: variables)
        var vector = ReferenceTensor(shape: layerCase.input, values: start)
        var gain = 0.0
        for _ in 0..<60 {
            let length = vector.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            vector.values = vector.values.map { $0 / length }
            let outputs = try executor.run(program, inputs: ["x": vector])
            gain = outputs["y"]!.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            vector = outputs["back"]!
        }
        return gain
    }

    @Test(
        "never lengthen a vector, at any stride, padding and grouping, by few iterations and many",
        arguments: LinearLayerCase.all, [1, 4, 40])
    func gains(layerCase: LinearLayerCase, iterations: Int) throws {
        let isTight = layerCase.input.rank == 2 || layerCase.testDescription == "no overlap"
        for order in [1, 3] {
            let found = try gain(
                layerCase, OrthonormalWeights(order: order, iterations: iterations))
            #expect(found <= 1 + 1e-9 && found > 0)
            // Layers that read no number twice have a norm of exactly 1 in the end.
            #expect(iterations < 40 || !isTight || abs(found - 1) < 1e-6)
        }
    }

    @Test("make a critic's slope at most 1 while it is trained, and its estimate no larger than W₁")
    func training() throws {
        let training = SmallTraining(
            constraint: OrthonormalWeights(), schedule: .fixed(iterations: 5),
            hidden: 32)
        let trainer = try training.trainer()
        try trainer.train(to: 40)
        let audit = try trainer.auditCritic(sampleCount: 300)
        #expect(audit.spectralProduct <= 1 + 1e-4)
        #expect(audit.estimate <= audit.exactW1 * (1 + 1e-4))
        #expect(audit.spectralProduct >= 1 - 1e-4, "what upkeep leaves, few iterations finish")
    }

    @Test("are kept nearly orthonormal, by steps that change nothing of what the critic computes")
    func upkeep() throws {
        let weight = Parameter(Variable("w", [5, 8]), role: .linearWeight)
        var random = RandomStream(seed: 4, stream: 1)
        let start = ReferenceTensor(
            shape: [5, 8], values: (0..<40).map { _ in Double(random.nextNormal()) })
        let constraint = OrthonormalWeights(iterations: 60, upkeep: 2)
        var context = ConstraintContext(store: ParameterStore())
        let kept = constraint.projected(weight.tensor, of: weight, in: &context)
        let program = try Program(outputs: [
            ("before", constraint.reparametrised(weight.tensor, of: weight, in: &context)),
            ("after", constraint.reparametrised(kept, of: weight, in: &context)),
            ("kept", kept),
        ])
        let found = try ReferenceExecutor(variables: ["w": start]).run(program, inputs: [:])
        let (before, after) = (found["before"]!.values, found["after"]!.values)
        #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-9 })
        func distance(_ values: [Double]) -> Double {
            zip(values, before).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(distance(found["kept"]!.values) < 0.5 * distance(start.values))
    }
}
