import OptimalTransport
import Testing

@Suite("Transport plans")
struct TransportPlanTests {
    @Test("prove their own optimum", arguments: 0..<8)
    func random(trial: Int) throws {
        var clouds = Clouds(seed: 11, stream: trial)
        for (rows, columns) in [(1, 1), (1, 9), (9, 1), (2, 3), (17, 40), (40, 17), (30, 30)] {
            let first = try clouds.weighted(rows, dimensions: 1 + trial % 3)
            let second = try clouds.weighted(columns, dimensions: 1 + trial % 3)
            let norm = trial.isMultiple(of: 2) ? GroundNorm.l2 : .l1
            let cost = try CostMatrix.distances(
                first, second, norm: norm, p: Double(1 + trial % 3))
            let plan = try TransportPlan.solve(
                cost, sources: first.weights, targets: second.weights)
            expectOptimal(plan, cost, first.weights, second.weights, "\(rows)×\(columns)")
        }
    }

    @Test(
        "prove their optimum where many plans are equally good",
        arguments: ["ties", "constant", "lattice", "one place", "products", "opposite signs"])
    func degenerate(kind: String) throws {
        var clouds = Clouds(seed: 12)
        for (rows, columns) in [(24, 24), (24, 36), (37, 23)] {
            let noise = clouds.whole(rows * columns, upTo: 4)
            let values = (0..<rows * columns).map { index -> Double in
                let (row, column) = (index / columns, index % columns)
                return switch kind {
                case "ties": noise[index]
                case "constant": 3
                case "lattice":
                    Double(abs(row % 5 - column % 5) + abs(row / 5 - column / 5))
                case "one place": 0
                case "products": Double((row + 1) * (column + 1))
                default: noise[index] - 2.5
                }
            }
            let cost = try CostMatrix(rows: rows, columns: columns, values: values)
            let equal = [[Double](repeating: 1, count: rows), .init(repeating: 1, count: columns)]
            let whole = [clouds.whole(rows, upTo: 3), clouds.whole(columns, upTo: 3)]
            for weights in [equal, whole] {
                let totals = weights.map { $0.reduce(0, +) }
                let sources = weights[0].map { $0 / totals[0] }
                let targets = weights[1].map { $0 / totals[1] }
                let plan = try TransportPlan.solve(cost, sources: sources, targets: targets)
                expectOptimal(plan, cost, sources, targets, "\(kind) \(rows)×\(columns)")
            }
        }
    }

    @Test("of equal weights are one-to-one, and cost what the assignment costs")
    func equalWeights() throws {
        var clouds = Clouds(seed: 13)
        let cost = try CostMatrix.distances(
            clouds.sample(50, dimensions: 2), clouds.sample(50, dimensions: 2))
        let plan = try TransportPlan.solve(
            cost, sources: Array(repeating: 7, count: 50), targets: Array(repeating: 7, count: 50))
        #expect(plan.moves.map(\.source) == Array(0..<50))
        #expect(Set(plan.moves.map(\.target)).count == 50)
        #expect(plan.moves.allSatisfy { abs($0.mass - 0.02) < 1e-15 })
        #expect(abs(plan.cost - (try Assignment.solve(cost).totalCost / 50)) < 1e-14)
    }

    @Test("of weights that are simple fractions have no moves of what rounding left")
    func fractions() throws {
        var clouds = Clouds(seed: 16)
        for (sources, targets) in [
            ([1.0, 1], [1.0, 1, 2]), ([1, 1, 2, 2], [1, 2, 3]), ([3, 4], [2, 2, 3]),
            ([0.1, 0.2, 0.7], [0.5, 0.25, 0.25]), ([1, 8], [3, 3, 3]),
        ] {
            let cost = try CostMatrix(
                rows: sources.count, columns: targets.count,
                values: clouds.normal(sources.count * targets.count))
            let totals = (sources.reduce(0, +), targets.reduce(0, +))
            let (a, b) = (sources.map { $0 / totals.0 }, targets.map { $0 / totals.1 })
            let plan = try TransportPlan.solve(cost, sources: a, targets: b)
            expectOptimal(plan, cost, a, b)
            #expect(plan.moves.allSatisfy { $0.mass > 0.04 }, "\(plan.moves)")
        }
    }

    @Test("treat points of weight zero as absent, with prices that still fit")
    func zeroWeights() throws {
        var clouds = Clouds(seed: 14)
        let cost = try CostMatrix(rows: 12, columns: 15, values: clouds.normal(180))
        var sources = clouds.weights(12)
        var targets = clouds.weights(15)
        for index in [0, 5, 11] { sources[index] = 0 }
        for index in [3, 14] { targets[index] = 0 }
        let factor = sources.reduce(0, +) / targets.reduce(0, +)
        targets = targets.map { $0 * factor }
        let plan = try TransportPlan.solve(cost, sources: sources, targets: targets)
        expectOptimal(plan, cost, sources, targets)
        #expect(plan.moves.allSatisfy { ![0, 5, 11].contains($0.source) })
    }

    @Test("hold weights of very different sizes")
    func unevenWeights() throws {
        var clouds = Clouds(seed: 15)
        let cost = try CostMatrix(rows: 20, columns: 20, values: clouds.normal(400))
        for base in [1e-300, 1, 1e300] {
            let sources = (0..<20).map { base * (1 / Double(1 << ($0 * 3))) }
            let plan = try TransportPlan.solve(cost, sources: sources, targets: sources.reversed())
            expectOptimal(plan, cost, sources, sources.reversed())
        }
    }

    @Test("cannot be made of weights that are unusable or do not match")
    func errors() throws {
        let cost = try CostMatrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
        let solve = { (sources: [Double], targets: [Double]) in
            try TransportPlan.solve(cost, sources: sources, targets: targets)
        }
        #expect(throws: TransportError.weightCount(.first, found: 1, points: 2)) {
            try solve([1], [1, 1])
        }
        #expect(throws: TransportError.weightCount(.second, found: 0, points: 2)) {
            try solve([1, 1], [])
        }
        for bad in [-1, Double.nan, .infinity] {
            #expect(throws: TransportError.weightOutOfRange(.second, point: 1)) {
                try solve([1, 1], [1, bad])
            }
        }
        #expect(throws: TransportError.noWeight(.first)) { try solve([0, 0], [1, 1]) }
        #expect(throws: TransportError.unbalanced(first: 3, second: 2)) {
            try solve([1, 2], [1, 1])
        }
    }
}
