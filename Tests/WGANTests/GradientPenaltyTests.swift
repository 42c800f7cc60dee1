import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing
import WGAN

@Suite("Gradient penalty")
struct GradientPenaltyTests {
    /// Scores with the slope (3, 4), of length 5, everywhere.
    private func steep(_ x: Tensor) -> Tensor {
        x.matmul(.constant([3, 4], [2, 1]))
    }

    private func value(_ penalty: GradientPenalty, _ critic: (Tensor) -> Tensor) throws -> Double {
        var context = ConstraintContext(store: ParameterStore())
        let real = Tensor.constant([1, 2, 3, 4, 5, 7], [3, 2])
        let generated = Tensor.constant([0, 0, 1, 0, 0, 1], [3, 2])
        let result = try #require(
            penalty.penalty(critic: critic, real: real, generated: generated, in: &context))
        return try evaluate([result])[0][0]
    }

    @Test("a critic of slope 5 pays λ times the squared excess, or γ/2 times the square")
    func values() throws {
        #expect(abs(try value(GradientPenalty(), steep) - 160) < 1e-9)
        #expect(abs(try value(.oneSided(), steep) - 160) < 1e-9)
        #expect(abs(try value(.aroundData(coefficient: 2), steep) - 32) < 1e-9)
        #expect(abs(try value(.r1(gamma: 4), steep) - 50) < 1e-9)
        #expect(abs(try value(.r2(gamma: 4), steep) - 50) < 1e-9)
        #expect(abs(try value(GradientPenalty(target: 3), steep) - 40) < 1e-9)
    }

    @Test("a flat critic pays on both sides, nothing on one side, and has finite derivatives")
    func flat() throws {
        let slope = Variable("slope", [2, 1]).tensor
        let critic = { (x: Tensor) in x.matmul(slope) }
        for (penalty, expected) in [(GradientPenalty(), 10.0), (.oneSided(), 0), (.r1(), 0)] {
            var context = ConstraintContext(store: ParameterStore())
            let x = Tensor.filled(1, [3, 2])
            let term = try #require(
                penalty.penalty(critic: critic, real: x, generated: x, in: &context))
            let found = try evaluate(
                [term] + gradients(of: term, withRespectTo: [slope]), ["slope": [0, 0]])
            #expect(abs(found[0][0] - expected) < 1e-4)
            #expect(found[1].allSatisfy { $0.isFinite })
        }
    }

    @Test("a critic of zeros pays λ, and its parameters get finite gradients")
    func zeroCritic() throws {
        for coefficient in [10.0, 0.5] {
            var store = ParameterStore()
            let critic = Sequential(
                in: &store,
                [{ Linear(3, 4, in: &$0) }, { _ in LeakyReLU() }, { Linear(4, 1, in: &$0) }])
            var context = ConstraintContext(store: store)
            let scores = { (x: Tensor) in
                var pass = ForwardPass(.inference)
                return critic(x, &pass)
            }
            let penalty = try #require(
                GradientPenalty(coefficient: .constant(coefficient)).penalty(
                    critic: scores, real: .filled(1, [5, 3]), generated: .filled(-1, [5, 3]),
                    in: &context))
            let parameters = store.parameters
            let zeros = Dictionary(
                uniqueKeysWithValues: parameters.map {
                    ($0.name, [Double](repeating: 0, count: $0.shape.count))
                })
            let found = try evaluate(
                [penalty] + gradients(of: penalty, withRespectTo: parameters.map(\.tensor)), zeros)
            #expect(abs(found[0][0] - coefficient) < 1e-4)
            #expect(found.dropFirst().allSatisfy { $0.allSatisfy(\.isFinite) })
        }
    }

    @Test("the sum of all pixels has the slope of the root of their number, 28 for 28×28")
    func sumOfPixels() throws {
        for (size, slope) in [(28, 28.0), (2, 2), (64, 64)] {
            let x = Tensor.filled(0.3, [2, size, size, 1])
            let critic = { (x: Tensor) in x.sum(along: [1, 2, 3]) }
            let squares = GradientPenalty.squaredSlopes(of: critic, at: x)
            let penalty = GradientPenalty(coefficient: 1).penalty(critic: critic, at: x)
            let found = try evaluate([squares, penalty])
            #expect(found[0].allSatisfy { abs($0 - slope * slope) < 1e-6 })
            // 729 before λ for the digits.
            #expect(abs(found[1][0] - (slope - 1) * (slope - 1)) < 1e-6)
        }
    }

    @Test("the norm is over all numbers of one sample, channels and pixels alike")
    func normOverSample() throws {
        let x = Tensor.filled(0, [2, 2, 2, 3])
        let squares = GradientPenalty.squaredSlopes(
            of: { ($0 * 2).sum(along: [1, 2, 3]) }, at: x)
        #expect(try evaluate([squares]) == [[48, 48]])
    }

    @Test("each sample has one ε, uniform in 0…1, for all its numbers")
    func mixing() throws {
        var points: [Tensor] = []
        var context = ConstraintContext(store: ParameterStore())
        let (count, real) = (2000, Tensor.filled(1, [2000, 3]))
        _ = GradientPenalty().penalty(
            critic: { x in
                points.append(x)
                return x.sum(along: [1])
            }, real: real, generated: .filled(0, [2000, 3]), in: &context)
        let values = try evaluate([points[0]])[0]
        let shares = (0..<count).map { values[3 * $0] }
        #expect((0..<count).allSatisfy { values[3 * $0 + 1] == shares[$0] })
        #expect((0..<count).allSatisfy { values[3 * $0 + 2] == shares[$0] })
        #expect(shares.allSatisfy { (0..<1).contains($0) } && Set(shares).count > 1990)
        let mean = shares.reduce(0, +) / Double(count)
        let square = shares.map { $0 * $0 }.reduce(0, +) / Double(count)
        #expect(abs(mean - 0.5) < 0.03 && abs(square - 1 / 3.0) < 0.03)
    }

    @Test("no gradient flows into the samples where the slope is measured")
    func constantSamples() throws {
        let x = Variable("x", [2, 2]).tensor
        let penalty = GradientPenalty().penalty(
            critic: { ($0 * $0).sum(along: [1]) }, at: x)
        let slope = gradients(of: penalty, withRespectTo: [x])[0]
        #expect(try evaluate([slope], ["x": [1, 2, 3, 4]]) == [[0, 0, 0, 0]])
    }

    @Test("points around the data lie above it by at most half its deviation")
    func aroundData() throws {
        var points: [Tensor] = []
        var context = ConstraintContext(store: ParameterStore())
        let data = (0..<200).map { Double($0 % 2) }
        _ = GradientPenalty.aroundData().penalty(
            critic: { x in
                points.append(x)
                return x.sum(along: [1])
            }, real: .constant(data, [100, 2]), generated: .filled(9, [100, 2]), in: &context)
        let moved = zip(try evaluate([points[0]])[0], data).map { $0 - $1 }
        #expect(moved.allSatisfy { (0..<0.25).contains($0) } && moved.max()! > 0.15)
    }
}
