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
        var weights: [Variable: Tensor] = [:]
        for parameter in store.trainable(in: "critic") {
            let kept = constraint.projected(parameter.tensor, of: parameter, in: &context)
            weights[parameter.variable] = constraint.reparametrised(
                kept, of: parameter, in: &context)
        }
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
        #expect(audit.spectralProduct >= 1 - 1e-3)
        #expect(audit.lipschitzConstant <= 1 + 1e-4)
    }

    @Test("begin orthonormal in a training, a state of it and a trial alike")
    func beginnings() throws {
        let training = SmallTraining(constraint: OrthonormalWeights(), hidden: 32)
        let trainer = try training.trainer()
        #expect(abs(try trainer.auditCritic(sampleCount: 20).spectralProduct - 1) < 1e-5)
        let first = try #require(trainer.state.weight)
        try trainer.train(to: 3)
        #expect(trainer.state.weight != first)
        #expect(try trainer.initialState.weight == first)
        let combined = CombinedConstraint([OrthonormalWeights(), GradientPenalty()])
        let other = try SmallTraining(constraint: combined, hidden: 32).trainer()
        #expect(other.state.weight == first)
    }

    @Test("learn along the matrices that are orthonormal to first order")
    func directions() throws {
        for shape: Shape in [[5, 8], [8, 5], [6, 6]] {
            let weight = Parameter(Variable("w", shape), role: .linearWeight)
            var random = RandomStream(seed: 4, stream: 1)
            func numbers() -> ReferenceTensor {
                ReferenceTensor(
                    shape: shape,
                    values: (0..<shape.count).map { _ in Double(random.nextNormal()) })
            }
            let constraint = OrthonormalWeights(iterations: 40)
            var context = ConstraintContext(store: ParameterStore())
            let h = Tensor.input("h", shape)
            let tangent = constraint.direction(h, of: weight, in: &context)
            func norm(_ change: Tensor) -> Tensor {
                let moved = weight.tensor + change
                let back = constraint.projected(moved, of: weight, in: &context)
                return (back - moved).squared().sum().sqrt()
            }
            let begin = try ReferenceExecutor(variables: ["w": numbers()]).run(
                Program(outputs: [("w", constraint.beginning(weight.tensor, of: weight))]),
                inputs: [:])
            let found = try ReferenceExecutor(variables: ["w": begin["w"]!]).run(
                Program(outputs: [
                    ("along", norm(1e-4 * tangent)), ("across", norm(1e-4 * h)),
                    ("again", constraint.direction(tangent, of: weight, in: &context) - tangent),
                ]), inputs: ["h": numbers()])
            // What is left is of second order: a hundredth of a hundredth.
            #expect(found["along"]!.values[0] < 1e-6)
            #expect(found["across"]!.values[0] > 1e-5)
            #expect(found["again"]!.values.allSatisfy { abs($0) < 1e-12 })
        }
    }

    @Test(
        "learn along the same direction where it is found from what a dense layer has computed",
        arguments: [(2, 1), (8, 1), (13, 2)])
    func factors(batch: Int, more: Int) throws {
        let weight = Parameter(Variable("w", [6, 6]), role: .linearWeight)
        let (x, c) = (Tensor.input("x", [batch, 6]), Tensor.input("c", [batch, 6]))
        let constraint = OrthonormalWeights(iterations: 40)
        var context = ConstraintContext(store: ParameterStore())
        var random = RandomStream(seed: 9, stream: 1)
        func numbers(_ shape: Shape) -> ReferenceTensor {
            let values = (0..<shape.count).map { _ in Double(random.nextNormal()) }
            return ReferenceTensor(shape: shape, values: values)
        }
        let begin = try ReferenceExecutor(variables: ["w": numbers([6, 6])]).run(
            Program(outputs: [("w", constraint.beginning(weight.tensor, of: weight))]), inputs: [:])

        let y = (x.matmul(weight.tensor, transposeSecond: true)).tanh()
        let loss = (c * y).sum()
        let found = gradients(of: loss, withRespectTo: [weight.tensor, x])
        let direction = constraint.direction(found[0], of: weight, in: &context)
        let dense = constraint.direction(Tensor.input("h", [6, 6]), of: weight, in: &context)
        let program = try Program(outputs: [("x", found[1]), ("direction", direction)])
        // Forward, back to the samples, back to the weight, and the direction's.
        let products = program.instructions.count { $0.operation is MatrixProduct }
        #expect(products == 3 + more)

        let inputs = ["x": numbers(x.shape), "c": numbers(c.shape)]
        let executor = ReferenceExecutor(variables: ["w": begin["w"]!])
        let direct = try executor.run(
            Program(outputs: [("h", found[0]), ("x", found[1])]), inputs: inputs)
        let other = try executor.run(
            Program(outputs: [("direction", dense)]), inputs: ["h": direct["h"]!])
        let ours = try executor.run(program, inputs: inputs)
        for (a, b) in zip(ours["direction"]!.values, other["direction"]!.values) {
            #expect(abs(a - b) < 1e-10)
        }
    }
}

extension TrainerState {
    fileprivate var weight: [Float]? { tensors.first { $0.name == "critic.0.weight" }?.values }
}
