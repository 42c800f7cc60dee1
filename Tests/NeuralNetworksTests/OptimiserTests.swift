import Foundation
import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

/// The rules that the golden files do not cover, beside the same rules written for one number.
@Suite("Optimisers")
struct OptimiserTests {
    /// Three values of a parameter that begins at 0.7 with the gradients 0.5, −0.2, 0.9.
    private func run(_ optimiser: any Optimiser, factor: Double = 1) throws -> [Double] {
        var store = ParameterStore()
        let p = store.parameter("p", [1], .linearWeight)
        let step = optimiser.step(
            [p], gradients: [.input("g", [1])], factor: Tensor(factor), scope: "net", in: &store)
        let program = try Program(updates: [(p.variable, step.values[0])] + step.updates)
        let initial = try store.initialValues(seed: 0).map { variable, values in
            let numbers = variable == p.variable ? [0.7] : values.map(Double.init)
            return (variable.name, ReferenceTensor(shape: variable.shape, values: numbers))
        }
        let executor = ReferenceExecutor(variables: Dictionary(uniqueKeysWithValues: initial))
        return try Self.slopes.map { slope in
            _ = try executor.run(
                program, inputs: ["g": ReferenceTensor(shape: [1], values: [slope])])
            return executor.variables["p"]!.values[0]
        }
    }

    private static let slopes = [0.5, -0.2, 0.9]

    private func expect(_ got: [Double], _ rule: (inout Double, Double, Int) -> Void) {
        var p = 0.7
        for (t, slope) in Self.slopes.enumerated() {
            rule(&p, slope, t + 1)
            #expect(abs(got[t] - p) < 1e-14)
        }
    }

    @Test("Nesterov's momentum looks ahead, with the decayed gradient")
    func nesterov() throws {
        var b = 0.0
        let sgd = SGD(learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01)
        expect(try run(sgd)) { p, slope, _ in
            let g = slope + 0.01 * p
            b = 0.9 * b + g
            p -= 0.1 * (g + 0.9 * b)
        }
    }

    @Test("RMSprop with momentum gathers divided gradients")
    func rmspropMomentum() throws {
        var (v, b) = (0.0, 0.0)
        let optimiser = RMSprop(learningRate: 0.1, alpha: 0.9, momentum: 0.5, weightDecay: 0.02)
        expect(try run(optimiser)) { p, slope, _ in
            let g = slope + 0.02 * p
            v = 0.9 * v + 0.1 * g * g
            b = 0.5 * b + g / (v.squareRoot() + 1e-8)
            p -= 0.1 * b
        }
    }

    @Test("TensorFlow's RMSprop with momentum gathers steps, learning rate included")
    func tensorFlowMomentum() throws {
        var (v, m) = (1.0, 0.0)
        let optimiser = TensorFlowRMSprop(learningRate: 0.1, momentum: 0.5)
        expect(try run(optimiser)) { p, g, _ in
            v = 0.9 * v + 0.1 * g * g
            m = 0.5 * m + 0.1 * g / (v + 1e-10).squareRoot()
            p -= m
        }
    }

    @Test("AdamW shrinks the parameter apart from the gradient's step")
    func adamW() throws {
        var (m, v) = (0.0, 0.0)
        let optimiser = AdamW(learningRate: 0.1, weightDecay: 0.3)
        expect(try run(optimiser, factor: 0.5)) { p, g, t in
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            p *= 1 - 0.05 * 0.3
            let root = (v / (1 - pow(0.999, Double(t)))).squareRoot()
            p -= 0.05 * m / (1 - pow(0.9, Double(t))) / (root + 1e-8)
        }
    }

    @Test("Adam adds the decay to the gradient")
    func adamDecay() throws {
        var v = 0.0
        let optimiser = Adam(learningRate: 0.1, beta1: 0, beta2: 0.9, weightDecay: 0.3)
        expect(try run(optimiser)) { p, slope, t in
            let g = slope + 0.3 * p
            v = 0.9 * v + 0.1 * g * g
            p -= 0.1 * g / ((v / (1 - pow(0.9, Double(t)))).squareRoot() + 1e-8)
        }
    }

    @Test("Adam's β₂ may change: the correction is by the product of its values")
    func changingBeta2() throws {
        let beta2 = ScheduledNumber.linear(from: 0.5, to: 0.9, over: 2)
        var store = ParameterStore()
        let p = store.parameter("p", [1], .linearWeight)
        let optimisers: [any Optimiser] = [
            Adam(learningRate: 0.1, beta1: 0, beta2: beta2),
            TensorFlowAdam(learningRate: 0.1, beta1: 0, beta2: beta2),
        ]
        for optimiser in optimisers {
            let step = optimiser.step(
                [p], gradients: [.input("g", [1])], factor: 1, scope: "net", in: &store)
            let program = try Program(updates: [(p.variable, step.values[0])] + step.updates)
            #expect(Set(program.inputs.map(\.name)) == ["g", "net.beta2"])
            let executor = ReferenceExecutor(
                variables: Dictionary(
                    uniqueKeysWithValues: try store.initialValues(seed: 0).map {
                        ($0.name, ReferenceTensor(shape: $0.shape, values: $1.map { _ in 0 }))
                    }))
            var (value, v, power) = (0.0, 0.0, 1.0)
            for (t, g) in Self.slopes.enumerated() {
                let beta = beta2.value(at: t)
                _ = try executor.run(
                    program,
                    inputs: [
                        "g": ReferenceTensor(shape: [1], values: [g]),
                        "net.beta2": ReferenceTensor(shape: [], values: [beta]),
                    ])
                v = beta * v + (1 - beta) * g * g
                power *= beta
                value -=
                    optimiser is Adam
                    ? 0.1 * g / ((v / (1 - power)).squareRoot() + 1e-8)
                    : 0.1 * (1 - power).squareRoot() * g / (v.squareRoot() + 1e-8)
                #expect(abs(executor.variables["p"]!.values[0] - value) < 1e-14)
            }
        }
    }

    @Test("every optimiser's learning rate may change")
    func changingRate() throws {
        let rate = ScheduledNumber.linear(from: 0.1, to: 0, over: 2)
        let optimisers: [any Optimiser] = [
            Adam(learningRate: rate), AdamW(learningRate: rate), TensorFlowAdam(learningRate: rate),
            RMSprop(learningRate: rate), SGD(learningRate: rate),
            TensorFlowRMSprop(learningRate: rate),
        ]
        for optimiser in optimisers {
            var store = ParameterStore()
            let p = store.parameter("p", [1], .linearWeight)
            _ = optimiser.step(
                [p], gradients: [.input("g", [1])], factor: 1, scope: "net", in: &store)
            #expect(store.scheduled["net.learningRate"] == rate, "\(optimiser)")
        }
    }

    @Test("without β₁ Adam keeps no mean, and one correction serves all parameters")
    func adamState() {
        var store = ParameterStore()
        let parameters = ["a", "b"].map { store.parameter($0, [2], .linearWeight) }
        let zeros = parameters.map { _ in Tensor.filled(0, [2]) }
        for _ in 0..<2 {
            _ = Adam(learningRate: 0.1, beta1: 0, beta2: 0.9).step(
                parameters, gradients: zeros, factor: 1, scope: "net", in: &store)
        }
        #expect(
            Set(store.parameters.map(\.name)) == [
                "a", "b", "a.adam.v", "b.adam.v", "net.adam.correction2",
            ])
    }

    @Test("a moving average forgets half in its half-life, and sooner at the beginning")
    func halfLife() {
        let average = ExponentialMovingAverage(halfLife: 1000, rampUp: 0.5)
        let share = { (seen: Int) in average.share(ofBatch: 100, after: seen, at: 0) }
        #expect(share(0) == 1)
        #expect(abs(share(200) - 0.5) < 1e-15)
        #expect(abs(share(5000) - (1 - pow(0.5, 0.1))) < 1e-15)
        var kept = 1.0
        for batch in 0..<10 { kept *= 1 - share(5000 + 100 * batch) }
        #expect(abs(kept - 0.5) < 1e-14)
        let growing = ExponentialMovingAverage(halfLife: .linear(from: 0, to: 800, over: 400))
        #expect(growing.share(ofBatch: 100, after: 0, at: 0) == 1)
        #expect(abs(growing.share(ofBatch: 100, after: 0, at: 50) - 0.5) < 1e-15)
    }

    @Test("and moves by the share that its program is told")
    func halfLifeUpdate() throws {
        var store = ParameterStore()
        let p = store.parameter("p", [1], .linearWeight)
        let updates = ExponentialMovingAverage(halfLife: 1000).updates(
            of: [p], to: [.constant([2], [1])], in: &store)
        let program = try Program(outputs: [("average", updates[0].value)])
        let executor = ReferenceExecutor(
            variables: ["ema.p": ReferenceTensor(shape: [1], values: [1])])
        let result = try executor.run(
            program,
            inputs: [
                ExponentialMovingAverage.shareInput: ReferenceTensor(shape: [], values: [0.25])
            ])
        #expect(result["average"]?.values == [1.25])
    }

    @Test("a moving average follows the new values from the initial one")
    func movingAverage() throws {
        var store = ParameterStore()
        let p = store.parameter("p", [1], .linearWeight)
        let average = ExponentialMovingAverage(decay: 0.9)
        let updates = average.updates(of: [p], to: [.constant([2], [1])], in: &store)
        let value = try evaluate([updates[0].value], ["ema.p": [1]])[0][0]
        #expect(updates[0].variable.name == "ema.p" && abs(value - 1.1) < 1e-15)
        let replaced = average.replacements(for: [p], in: &store)
        #expect(try evaluate([replaced[p.variable]!], ["ema.p": [3]]) == [[3]])
    }
}
