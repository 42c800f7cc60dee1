import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing
import WGAN

@Suite("Lipschitz constraints on weights")
struct ConstraintTests {
    private func parameter(_ role: Parameter.Role, _ shape: Shape) -> Parameter {
        Parameter(Variable("w", shape), role: role)
    }

    private func projected(
        _ constraint: any LipschitzConstraint, _ values: [Double], _ parameter: Parameter
    ) throws -> [Double] {
        var context = ConstraintContext(store: ParameterStore())
        let value = constraint.projected(
            .constant(values, parameter.shape), of: parameter, in: &context)
        return try evaluate([value], ["w.spectral.u": [0.6, 0.8]])[0]
    }

    @Test("clipping confines every parameter to the bound, or convolution kernels alone")
    func clipping() throws {
        let all = WeightClipping(bound: 0.1)
        for role in Parameter.Role.allCases {
            #expect(
                try projected(all, [-1, -0.05, 0.2], parameter(role, [3])) == [-0.1, -0.05, 0.1])
        }
        let kernels = WeightClipping(bound: 0.1, onlyConvolutionKernels: true)
        #expect(try projected(kernels, [1], parameter(.linearWeight, [1, 1])) == [1])
        #expect(try projected(kernels, [1], parameter(.bias, [1])) == [1])
        #expect(
            try projected(kernels, [1], parameter(.convolutionWeight, [1, 1, 1, 1])) == [0.1])
        #expect(
            try projected(kernels, [1], parameter(.transposedConvolutionWeight, [1, 1, 1, 1]))
                == [0.1])
    }

    @Test(
        "spectral projection divides weights by their largest singular value and leaves biases",
        arguments: [
            SpectralMethod.exact, .freshVector(iterations: 60), .persistentVector(iterations: 60),
        ])
    func spectralProjection(method: SpectralMethod) throws {
        let constraint = SpectralProjection(method: method)
        let found = try projected(constraint, [4, 0, 0, -2], parameter(.linearWeight, [2, 2]))
        #expect(zip(found, [1, 0, 0, -0.5]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(try projected(constraint, [3, 4], parameter(.bias, [2])) == [3, 4])
        let zero = [0.0, 0, 0, 0]
        #expect(try projected(constraint, zero, parameter(.linearWeight, [2, 2])) == zero)
    }

    @Test(
        "one power iteration never overestimates, so that a projected weight's norm is at least 1")
    func estimateFromBelow() throws {
        let weight = parameter(.linearWeight, [2, 2])
        for step in 0..<20 {
            var context = ConstraintContext(store: ParameterStore())
            let value = SpectralProjection(method: .freshVector(iterations: 1))
                .projected(.constant([4, 1, 0, -2], [2, 2]), of: weight, in: &context)
            let norm = try evaluate(
                [SpectralNorm.exact(value)], clock: RandomClock(seed: 1, step: UInt64(step)))[0][0]
            #expect(norm >= 1 - 1e-12)
        }
    }

    @Test("a persistent vector is a state variable that moves on, unless nothing is recorded")
    func persistentVector() throws {
        let weight = parameter(.linearWeight, [2, 3])
        let constraint = SpectralReparametrisation()
        for records in [true, false] {
            var context = ConstraintContext(store: ParameterStore(), recordsUpdates: records)
            let values = constraint.replacements(for: [weight], in: &context)
            #expect(values[weight.variable]?.shape == [2, 3])
            #expect(context.store.parameters.map(\.name) == ["w.spectral.u"])
            #expect(context.updates.map(\.variable.name) == (records ? ["w.spectral.u"] : []))
        }
    }

    @Test("repeated persistent iterations find the norm")
    func convergence() throws {
        let weight = parameter(.linearWeight, [2, 2])
        let tensor = Tensor.constant([4, 1, 0, -2], [2, 2])
        var vector = [0.1, 1.0]
        for _ in 0..<40 {
            var context = ConstraintContext(store: ParameterStore())
            _ = SpectralProjection(method: .persistentVector(iterations: 1))
                .projected(tensor, of: weight, in: &context)
            vector = try evaluate([context.updates[0].value], ["w.spectral.u": vector])[0]
        }
        let found = SpectralNorm.powerIteration(tensor, from: .constant(vector, [2])).sigma
        let values = try evaluate([found, SpectralNorm.exact(tensor)])
        #expect(abs(values[0][0] - values[1][0]) < 1e-9)
    }

    @Test("the gradient through a reparametrised weight is orthogonal to the weight")
    func reparametrisedGradient() throws {
        let weight = parameter(.linearWeight, [2, 2])
        var context = ConstraintContext(store: ParameterStore())
        let constraint = SpectralReparametrisation(method: .exact)
        let value = constraint.replacements(for: [weight], in: &context)[weight.variable]!
        let score = (value * .constant([1, 2, 3, 5], [2, 2])).sum()
        let slope = gradients(of: score, withRespectTo: [weight.tensor])[0]
        // W/σ(W) does not change when W is scaled.
        let alongWeight = (slope * weight.tensor).sum()
        let found = try evaluate([alongWeight, slope], ["w": [4, 1, 0, -2]])
        #expect(abs(found[0][0]) < 1e-12)
        #expect(found[1].map(abs).max()! > 0.1)
    }

    @Test("combined constraints act in order and add their penalties")
    func combined() throws {
        let both = CombinedConstraint([
            SpectralProjection(method: .exact), WeightClipping(bound: 0.75), GradientPenalty(),
            GradientPenalty.r1(gamma: 2),
        ])
        let found = try projected(both, [4, 0, 0, -2], parameter(.linearWeight, [2, 2]))
        #expect(zip(found, [0.75, 0, 0, -0.5]).allSatisfy { abs($0 - $1) < 1e-12 })
        var context = ConstraintContext(store: ParameterStore())
        let x = Tensor.filled(1, [2, 1])
        let penalty = try #require(
            both.penalty(critic: { $0 * 3 }, real: x, generated: x, in: &context))
        #expect(abs(try evaluate([penalty])[0][0] - (40 + 9)) < 1e-9)
    }

    @Test("no constraint leaves everything as it is")
    func none() throws {
        let free = CombinedConstraint([])
        #expect(try projected(free, [5], parameter(.linearWeight, [1, 1])) == [5])
        var context = ConstraintContext(store: ParameterStore())
        let x = Tensor.filled(1, [2, 1])
        #expect(
            free.penalty(critic: { $0 }, real: x, generated: x, in: &context).map(\.shape) == nil)
    }
}
