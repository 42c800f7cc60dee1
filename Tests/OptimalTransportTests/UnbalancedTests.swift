import Foundation
import OptimalTransport
import Testing

@Suite("Transport between weights that differ")
struct UnbalancedTests {
    /// Row and column sums of a plan.
    private func sums(_ plan: [Double], rows: Int, columns: Int) -> ([Double], [Double]) {
        (
            (0..<rows).map { row in
                plan[row * columns..<(row + 1) * columns].reduce(0, +)
            },
            (0..<columns).map { column in
                (0..<rows).reduce(0) { $0 + plan[$1 * columns + column] }
            }
        )
    }

    @Test(
        "meets the conditions of the optimum at any ε and ρ",
        arguments: [1e-3, 0.05, 1, 100], [1e-2, 1, 30, 1e5])
    func conditions(epsilon: Double, penalty: Double) throws {
        var clouds = Clouds(seed: 71)
        for (rows, columns, total) in [(23, 17, 1.0), (8, 40, 0.01), (30, 30, 1000)] {
            let cost = try CostMatrix.distances(
                clouds.sample(rows, dimensions: 2), clouds.sample(columns, dimensions: 2), p: 2)
            let a = clouds.weights(rows).map { $0 * total }
            let b = clouds.weights(columns)
            let found = try UnbalancedTransport.solve(
                cost, sources: a, targets: b, epsilon: epsilon, marginalPenalty: penalty)
            let plan = try found.plan(of: cost, sources: a, targets: b, epsilon: epsilon)
            let (out, into) = sums(plan, rows: rows, columns: columns)
            let mass = (a.reduce(0, +) * b.reduce(0, +)).squareRoot()
            let wanted = (
                zip(a, found.sourcePotentials).map { $0 * exp(-$1 / penalty) },
                zip(b, found.targetPotentials).map { $0 * exp(-$1 / penalty) }
            )
            let errors = [(out, wanted.0), (into, wanted.1)].map {
                zip($0.0, $0.1).reduce(0) { $0 + abs($1.0 - $1.1) } / mass
            }
            // Potentials of opposite signs lose digits in their sums.
            let largest = (found.sourcePotentials + found.targetPotentials)
                .reduce(0) { max($0, abs($1)) }
            let lost = 1e-15 * largest / epsilon
            #expect(errors.allSatisfy { $0 <= 2e-9 + lost }, "\(rows)×\(columns): \(errors)")
            #expect(abs(found.mass - out.reduce(0, +)) <= (1e-8 + lost) * found.mass)
            #expect(found.iterations < 2000, "\(rows)×\(columns)")
            // The primal value of the plan is the dual one that was computed.
            let divergence = { (p: [Double], q: [Double]) in
                zip(p, q).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) - $1.0 + $1.1 }
            }
            let products = a.flatMap { a in b.map { a * $0 } }
            let value =
                found.transportCost + epsilon * divergence(plan, products)
                + penalty * (divergence(out, a) + divergence(into, b))
            let scale = abs(value) + (epsilon + penalty) * (a + b).reduce(0, +) * 1e-2
            #expect(abs(found.value - value) <= 1e-6 * scale, "\(found.value) \(value)")
        }
    }

    @Test("is entropic transport for a large penalty, and moves nothing far for a small one")
    func limits() throws {
        var clouds = Clouds(seed: 72)
        let (first, second) = (
            try clouds.weighted(12, dimensions: 3), try clouds.weighted(15, dimensions: 3)
        )
        let cost = try CostMatrix.distances(first, second, p: 2)
        let bound = try EntropicTransport.solve(
            cost, sources: first.weights, targets: second.weights, epsilon: 0.3)
        let soft = try UnbalancedTransport.solve(
            cost, sources: first.weights, targets: second.weights, epsilon: 0.3,
            marginalPenalty: 1e8)
        #expect(abs(soft.value - bound.value) < 1e-6)
        #expect(abs(soft.mass - 1) < 1e-7)
        let far = try DiscreteMeasure([0.0, 1000], dimensions: 1)
        let near = try DiscreteMeasure([0.1], dimensions: 1)
        let kept = try UnbalancedTransport.solve(
            .distances(far, near), sources: [1, 1], targets: [1], epsilon: 0.01,
            marginalPenalty: 2)
        #expect(kept.value < 3 && kept.value > 2)
    }

    @Test("as a divergence is zero for equal measures, else positive and symmetric")
    func divergence() throws {
        var clouds = Clouds(seed: 73)
        let (first, second) = (
            try clouds.sample(14, dimensions: 2), try clouds.sample(11, dimensions: 2)
        )
        let masses = (clouds.weights(14), clouds.weights(11))
        for (p, norm) in [(1.0, GroundNorm.l1), (2, .l2)] {
            let there = try UnbalancedDivergence(
                first, second, masses: masses, p: p, norm: norm, epsilon: 0.3, marginalPenalty: 1)
            let back = try UnbalancedDivergence(
                second, first, masses: (masses.1, masses.0), p: p, norm: norm, epsilon: 0.3,
                marginalPenalty: 1)
            let same = try UnbalancedDivergence(
                first, first, masses: (masses.0, masses.0), p: p, norm: norm, epsilon: 0.3,
                marginalPenalty: 1)
            #expect(there.value > 0.01 && abs(there.value - back.value) < 1e-7)
            #expect(same.value == 0)
        }
    }

    @Test("refuses masses and penalties that make no sense")
    func errors() throws {
        let cost = try CostMatrix(rows: 1, columns: 2, values: [1, 2])
        let solve = { (a: [Double], penalty: Double) in
            try UnbalancedTransport.solve(
                cost, sources: a, targets: [1, 1], epsilon: 1, marginalPenalty: penalty)
        }
        for penalty in [0, -1, .infinity] {
            #expect(throws: EntropicError.marginalPenalty(penalty)) { try solve([1], penalty) }
        }
        #expect(throws: EntropicError.self) { try solve([1], .nan) }
        #expect(throws: TransportError.noWeight(.first)) { try solve([0], 1) }
        #expect(throws: TransportError.massOutOfRange(.first, 1e200)) { try solve([1e200], 1) }
        #expect(throws: TransportError.weightOutOfRange(.first, point: 0)) { try solve([-1], 1) }
        #expect(throws: EntropicError.epsilon(0)) {
            try UnbalancedTransport.solve(
                cost, sources: [1], targets: [1, 1], epsilon: 0, marginalPenalty: 1)
        }
    }
}
