import OptimalTransport
import Testing

@Suite("Kantorovich's duality")
struct DualityTests {
    @Test("makes optimal scores of the potentials of an exact plan", arguments: 0..<4)
    func optimalScores(trial: Int) throws {
        var clouds = Clouds(seed: 71, stream: trial)
        let real = try clouds.weighted(20, dimensions: 2)
        let generated = try clouds.weighted(15, dimensions: 2)
        let cost = try CostMatrix.distances(real, generated)
        let plan = try TransportPlan.solve(
            cost, sources: real.weights, targets: generated.weights)
        let found = try KantorovichRubinstein(
            real: real, generated: generated,
            realScores: cost.cTransform(plan.targetPotentials),
            generatedScores: CostMatrix.distances(generated, generated)
                .cTransform(plan.targetPotentials))
        #expect(abs(found.exact - plan.cost) < 1e-12)
        #expect(abs(found.dual - found.exact) < 1e-12)
        #expect(abs(found.largestSlope - 1) < 1e-12)
        #expect(abs(try #require(found.normalisedRatio) - 1) < 1e-12)
    }

    @Test("bounds every critic by the distance times its slope")
    func anyScores() throws {
        var clouds = Clouds(seed: 72)
        for _ in 0..<20 {
            let real = try clouds.weighted(10, dimensions: 3)
            let generated = try clouds.sample(12, dimensions: 3)
            let found = try KantorovichRubinstein(
                real: real, generated: generated, realScores: clouds.normal(10),
                generatedScores: clouds.normal(12))
            #expect(abs(try #require(found.normalisedRatio)) <= 1)
        }
    }

    @Test("has no ratio where there is nothing to tell apart")
    func undefined() throws {
        let points = try DiscreteMeasure([0.0, 1, 1, 2], dimensions: 2)
        let same = try KantorovichRubinstein(
            real: points, generated: points, realScores: [1, 2], generatedScores: [2, 1])
        #expect(same.ratio == nil && same.normalisedRatio == nil && same.dual == 0)
        let flat = try KantorovichRubinstein(
            real: points, generated: points.moved(by: [1, 0]), realScores: [3, 3],
            generatedScores: [3, 3])
        #expect(flat.ratio == 0 && flat.normalisedRatio == nil && flat.largestSlope == 0)
    }

    @Test("gives potentials that fit, and twice transformed ones that only rise")
    func transform() throws {
        var clouds = Clouds(seed: 73)
        let cost = try CostMatrix(rows: 6, columns: 8, values: clouds.normal(48))
        let targets = clouds.normal(8)
        let sources = try cost.cTransform(targets)
        let mirrored = try CostMatrix(
            rows: 8, columns: 6, values: (0..<48).map { cost[$0 % 6, $0 / 6] })
        let better = try mirrored.cTransform(sources)
        for column in 0..<8 {
            #expect(better[column] >= targets[column] - 1e-15)
            for row in 0..<6 { #expect(sources[row] + better[column] <= cost[row, column] + 1e-15) }
        }
    }

    @Test("needs one finite score for each point")
    func errors() throws {
        let points = try DiscreteMeasure([0.0, 1], dimensions: 1)
        #expect(throws: ScoreError.count(.first, found: 1, points: 2)) {
            try KantorovichRubinstein(
                real: points, generated: points, realScores: [1], generatedScores: [1, 2])
        }
        #expect(throws: ScoreError.notFinite(.second, point: 1)) {
            try KantorovichRubinstein(
                real: points, generated: points, realScores: [1, 2], generatedScores: [1, .nan])
        }
        #expect(throws: ScoreError.count(.second, found: 0, points: 2)) {
            try CostMatrix.distances(points, points).cTransform([])
        }
    }
}
