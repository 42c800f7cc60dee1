import Foundation
import OptimalTransport
import Testing

@Suite("Entropic transport")
struct SinkhornTests {
    @Test("has the marginals it promises and a plan that its potentials describe")
    func marginals() throws {
        var clouds = Clouds(seed: 31)
        let a = try clouds.weighted(18, dimensions: 2)
        let b = try clouds.weighted(13, dimensions: 2)
        let cost = try CostMatrix.distances(a, b, p: 2)
        let found = try EntropicTransport.solve(
            cost, sources: a.weights, targets: b.weights, epsilon: 0.2)
        #expect(found.marginalError <= 1e-9)
        let plan = (0..<18).map { row in
            (0..<13).map { column in
                a.weights[row] * b.weights[column]
                    * exp(
                        (found.sourcePotentials[row] + found.targetPotentials[column]
                            - cost[row, column]) / 0.2)
            }
        }
        let rows = zip(plan, a.weights).reduce(0) { $0 + abs($1.0.reduce(0, +) - $1.1) }
        #expect(rows <= 1.1e-9)
        for column in 0..<13 {
            #expect(abs(plan.reduce(0) { $0 + $1[column] } - b.weights[column]) < 1e-13)
        }
        #expect(found.value >= found.transportCost)
    }

    @Test("approaches the exact cost as the penalty vanishes, from above")
    func limit() throws {
        var clouds = Clouds(seed: 32)
        let a = try clouds.weighted(10, dimensions: 2)
        let b = try clouds.weighted(12, dimensions: 2)
        let cost = try CostMatrix.distances(a, b)
        let exact = try TransportPlan.solve(cost, sources: a.weights, targets: b.weights).cost
        var excess = Double.infinity
        for epsilon in [1, 0.1, 0.01] {
            let found = try EntropicTransport.solve(
                cost, sources: a.weights, targets: b.weights, epsilon: epsilon,
                settings: SinkhornSettings(tolerance: 1e-6))
            let above = found.transportCost - exact
            #expect(above >= -1e-6 && above < excess)
            excess = above
        }
        #expect(excess < 0.01)
    }

    @Test("as a divergence is zero for equal measures, else positive and symmetric")
    func divergence() throws {
        var clouds = Clouds(seed: 33)
        let a = try clouds.weighted(14, dimensions: 2)
        let b = try clouds.weighted(11, dimensions: 2)
        for p in [1.0, 2] {
            let there = try SinkhornDivergence(a, b, p: p, epsilon: 0.3)
            let back = try SinkhornDivergence(b, a, p: p, epsilon: 0.3)
            #expect(there.value > 0.01)
            #expect(abs(there.value - back.value) < 1e-8)
            #expect(abs(try SinkhornDivergence(a, a, p: p, epsilon: 0.3).value) < 1e-8)
        }
    }

    @Test("ignores points of weight zero")
    func zeroWeights() throws {
        let some = try DiscreteMeasure([0.0, 3, 1], dimensions: 1, weights: [1, 0, 2])
        let same = try DiscreteMeasure([0.0, 1], dimensions: 1, weights: [1, 2])
        let other = try DiscreteMeasure([0.5, 2], dimensions: 1)
        let found = try SinkhornDivergence(some, other, epsilon: 0.1)
        let expected = try SinkhornDivergence(same, other, epsilon: 0.1)
        #expect(abs(found.value - expected.value) < 1e-8)
        #expect(abs(found.sharpValue - expected.sharpValue) < 1e-8)
    }

    @Test("refuses what it cannot reach")
    func errors() throws {
        let cost = try CostMatrix(rows: 2, columns: 2, values: [0, 1, 1, 0])
        let solve = { (epsilon: Double, settings: SinkhornSettings) in
            try EntropicTransport.solve(
                cost, sources: [1, 3], targets: [2, 2], epsilon: epsilon, settings: settings)
        }
        for epsilon in [0, -1, .infinity] {
            #expect(throws: EntropicError.epsilon(epsilon)) { try solve(epsilon, .standard) }
        }
        #expect(throws: EntropicError.self) { try solve(.nan, .standard) }
        #expect(throws: EntropicError.epsilonTooSmall(1e-300, smallest: 0x1p-50 / 1e-9)) {
            try solve(1e-300, .standard)
        }
        #expect(throws: EntropicError.self) {
            try solve(0.01, SinkhornSettings(maximumIterations: 1))
        }
        #expect(throws: EntropicError.tolerance(0)) { try SinkhornSettings(tolerance: 0) }
        #expect(throws: EntropicError.iterations(0)) { try SinkhornSettings(maximumIterations: 0) }
        #expect(throws: TransportError.unbalanced(first: 1, second: 2)) {
            try EntropicTransport.solve(cost, sources: [1, 0], targets: [1, 1], epsilon: 1)
        }
    }
}
