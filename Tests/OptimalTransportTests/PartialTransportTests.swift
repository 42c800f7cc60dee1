import OptimalTransport
import Testing

@Suite("Transport of a part of the mass")
struct PartialTransportTests {
    @Test("keeps to the weights and proves its optimum", arguments: 0..<12)
    func random(trial: Int) throws {
        var clouds = Clouds(seed: 81, stream: trial)
        for (rows, columns) in [(1, 1), (1, 7), (9, 1), (14, 20), (25, 25)] {
            // Negative costs and ties as well.
            let values =
                trial.isMultiple(of: 3)
                ? clouds.whole(rows * columns, upTo: 4).map { $0 - 2 }
                : clouds.normal(rows * columns)
            let cost = try CostMatrix(rows: rows, columns: columns, values: values)
            var (a, b) = (clouds.weights(rows), clouds.weights(columns))
            if trial.isMultiple(of: 2), rows > 1, columns > 1 { (a[0], b[1]) = (0, 0) }
            let most = min(a.reduce(0, +), b.reduce(0, +))
            for share in [1e-6, 0.3, 0.999, 1] {
                let found = try PartialTransport.solve(
                    cost, sources: a, targets: b, mass: share * most)
                expectOptimal(found, cost, a, b)
            }
        }
    }

    private func expectOptimal(
        _ found: PartialTransport, _ cost: CostMatrix, _ a: [Double], _ b: [Double]
    ) {
        var (out, into) = (a, b)
        for move in found.moves {
            out[move.source] -= move.mass
            into[move.target] -= move.mass
        }
        #expect((out + into).allSatisfy { $0 >= -1e-12 })
        #expect(abs(found.moves.reduce(0) { $0 + $1.mass } - found.mass) <= 1e-12)
        #expect((found.sourcePotentials + found.targetPotentials).allSatisfy { $0 <= 0 })
        for row in 0..<cost.rows {
            for column in 0..<cost.columns {
                let prices = found.sourcePotentials[row] + found.targetPotentials[column]
                #expect(prices + found.price - cost[row, column] <= 1e-11)
            }
        }
        let dual =
            zip(a + b, found.sourcePotentials + found.targetPotentials).reduce(0) {
                $0 + $1.0 * $1.1
            } + found.price * found.mass
        #expect(abs(dual - found.cost) <= 1e-10)
    }

    @Test("of all mass is transport")
    func all() throws {
        var clouds = Clouds(seed: 82)
        let (first, second) = (
            try clouds.weighted(20, dimensions: 2), try clouds.weighted(30, dimensions: 2)
        )
        let cost = try CostMatrix.distances(first, second)
        let whole = try TransportPlan.solve(
            cost, sources: first.weights, targets: second.weights)
        let part = try PartialTransport.solve(
            cost, sources: first.weights, targets: second.weights, mass: 1)
        #expect(abs(part.cost - whole.cost) <= 1e-13)
    }

    @Test("refuses a mass that is not there")
    func errors() throws {
        let cost = try CostMatrix(rows: 1, columns: 2, values: [1, 2])
        for mass in [0, -1, 1.01, .infinity] {
            #expect(throws: TransportError.partialMass(mass, most: 1)) {
                try PartialTransport.solve(cost, sources: [1], targets: [1, 1], mass: mass)
            }
        }
        #expect(throws: TransportError.self) {
            try PartialTransport.solve(cost, sources: [1], targets: [1, 1], mass: .nan)
        }
    }
}
