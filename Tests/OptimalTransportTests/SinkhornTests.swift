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

    @Test("converges at its defaults where alternating steps take thousands")
    func ordinary() throws {
        let a = try DiscreteMeasure([0, 0, 1, 0, 0, 1], dimensions: 2)
        let b = try DiscreteMeasure([0, 0, 1, 1, 0.5, 1], dimensions: 2)
        let found = try SinkhornDivergence(a, b, epsilon: 0.05)
        #expect(abs(found.value - 0.4167770657254) < 1e-10)
        #expect(abs(found.sharpValue - 0.4161242131207) < 1e-9)
        let back = try SinkhornDivergence(b, a, epsilon: 0.05)
        #expect(abs(back.value - found.value) < 1e-10)
    }

    @Test("is zero to the last bit between equal measures", arguments: [0.001, 0.05, 1, 1e6])
    func equal(epsilon: Double) throws {
        var clouds = Clouds(seed: 34)
        for measure in [
            try clouds.sample(9, dimensions: 2), try clouds.weighted(30, dimensions: 1),
        ] {
            for p in [1.0, 2, 4] {
                let found = try SinkhornDivergence(measure, measure, p: p, epsilon: epsilon)
                #expect(found.value == 0 && found.sharpValue == 0)
            }
        }
    }

    @Test(
        "converges on any data, at any ε that rounding does not hide",
        arguments: [1e-3, 1, 1e3, 1e6], [1.0, 2, 3])
    func anyScale(scale: Double, p: Double) throws {
        var clouds = Clouds(seed: 35)
        let lattice = try DiscreteMeasure(
            (0..<36).flatMap { [Double($0 / 6), Double($0 % 6)] }, dimensions: 2)
        let pairs = [
            // A cloud and another one, of other weights; points in few places; ties everywhere.
            (try clouds.sample(40, dimensions: 2), try clouds.weighted(25, dimensions: 2)),
            (
                try DiscreteMeasure([0, 0, 0, 0, 1, 1, 1, 1], dimensions: 2),
                try clouds.sample(6, dimensions: 2)
            ),
            (lattice, try lattice.moved(by: [0.5, 0])),
            (try clouds.sample(1, dimensions: 2), try clouds.sample(30, dimensions: 2)),
        ]
        for (a, b) in pairs {
            let (from, to) = (try a.scaled(by: scale), try b.scaled(by: scale))
            let cost = try CostMatrix.distances(from, to, p: p)
            let exact = try TransportPlan.solve(cost, sources: from.weights, targets: to.weights)
            for epsilon in [0.05, 0.005] {
                guard epsilon > 0x1p-50 * (cost.values.max() ?? 0) else { continue }
                let found = try EntropicTransport.solve(
                    cost, sources: from.weights, targets: to.weights, epsilon: epsilon)
                #expect(found.marginalError <= 1e-9)
                // Between the exact cost and that with the largest entropy of a plan.
                let slack = 1e-8 * (1 + exact.cost)
                #expect(found.transportCost >= exact.cost - slack)
                #expect(found.value >= found.transportCost - slack)
                #expect(found.value <= exact.cost + epsilon * log(Double(40)) + slack)
            }
        }
    }

    @Test("comes again to the bit, and the work of many columns in blocks as well")
    func bits() throws {
        var clouds = Clouds(seed: 36)
        let a = try clouds.sample(70, dimensions: 2)
        let b = try clouds.weighted(150, dimensions: 2)
        let first = try SinkhornDivergence(a, b, epsilon: 0.1)
        #expect(try SinkhornDivergence(a, b, epsilon: 0.1) == first)
        #expect(first.between.marginalError <= 1e-9)
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
        #expect(throws: EntropicError.epsilonTooSmall(1e-300, smallest: 0x1p-52)) {
            try solve(1e-300, .standard)
        }
        #expect(throws: EntropicError.self) {
            try solve(0.01, SinkhornSettings(maximumIterations: 1))
        }
        for tolerance in [0, -1, 1, .nan, .infinity, 1e-13] {
            #expect(throws: EntropicError.self) { try SinkhornSettings(tolerance: tolerance) }
        }
        for count in [0, -1, 10_000_001] {
            #expect(throws: EntropicError.iterations(count)) {
                try SinkhornSettings(maximumIterations: count)
            }
        }
        #expect(throws: TransportError.unbalanced(first: 1, second: 2)) {
            try EntropicTransport.solve(cost, sources: [1, 0], targets: [1, 1], epsilon: 1)
        }
    }
}
