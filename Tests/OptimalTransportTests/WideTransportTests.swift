import OptimalTransport
import Testing

@Suite("Transport between few and many points")
struct WideTransportTests {
    @Test("is the same in both directions, with its proof", arguments: [(3, 400), (20, 3000)])
    func wide(few: Int, many: Int) throws {
        var clouds = Clouds(seed: 91)
        let (first, second) = (
            try clouds.weighted(few, dimensions: 3), try clouds.sample(many, dimensions: 3)
        )
        let cost = try CostMatrix.distances(first, second, p: 2)
        let plan = try TransportPlan.solve(
            cost, sources: first.weights, targets: second.weights)
        expectOptimal(plan, cost, first.weights, second.weights)
        let back = try wasserstein(second, first, p: 2)
        #expect(abs(back * back - plan.cost) <= 1e-12)
        let proof = try plan.proof(for: cost, sources: first.weights, targets: second.weights)
        #expect(abs(proof.dualCost - plan.cost) <= 1e-12)
        #expect(proof.largestViolation <= 1e-12 && proof.marginalError <= 1e-14)
    }

    @Test("is bounded by the product of both sides, before memory is taken")
    func limit() throws {
        let many = try DiscreteMeasure([Double](repeating: 1, count: 400_002), dimensions: 2)
        let some = try DiscreteMeasure([Double](repeating: 0, count: 4000), dimensions: 2)
        #expect(throws: TransportError.tooManyPairs(rows: 2000, columns: 200_001)) {
            try CostMatrix.distances(some, many)
        }
        let few = try DiscreteMeasure([0.0, 0, 2, 1], dimensions: 2)
        #expect(abs(try wasserstein(few, many) - (2.0.squareRoot() + 1) / 2) <= 1e-11)
    }
}
