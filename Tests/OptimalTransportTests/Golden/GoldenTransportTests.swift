import FileTestSupport
import OptimalTransport
import Testing

@Suite(
    "Optimal transport agrees with the reference libraries",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GoldenTransportTests {
    @Test("on the line, with and without weights")
    func line() throws {
        let golden = try GoldenFile.read("ot_1d.json")
        for test in golden.cases {
            let distance = try wasserstein(
                golden.measure(test, "x", "a"), golden.measure(test, "y", "b"),
                p: test.number("p"))
            try test.expectAll(["w": [distance]])
        }
        #expect(golden.cases.count >= 12)
    }

    @Test(
        "between point clouds, with and without weights",
        arguments: ["ot_nd.json", "divergences.json"])
    func clouds(file: String) throws {
        let golden = try GoldenFile.read(file)
        var compared = 0
        for test in golden.cases where test.metric == "wasserstein" {
            let first = try golden.measure(test, "x", "a")
            let second = try golden.measure(test, "y", "b")
            let norm = try #require(GroundNorm(rawValue: test.params["norm"]?.word ?? ""))
            let p = try test.number("p")
            let distance = try wasserstein(first, second, p: p, norm: norm)
            let plan = try TransportPlan.solve(
                .distances(first, second, norm: norm, p: p), sources: first.weights,
                targets: second.weights)
            try test.expectAll(["w": [distance], "cost": [plan.cost]])
            compared += 1
        }
        #expect(compared >= 2)
    }

    @Test("on a given matrix of costs")
    func matrices() throws {
        let golden = try GoldenFile.read("ot_nd.json")
        var compared = 0
        for test in golden.cases where test.inputs["cost"] != nil {
            let tensor = try golden.tensor("cost", of: test)
            let cost = try CostMatrix(
                rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.data)
            if test.metric == "assignment" {
                let assignment = try Assignment.solve(cost)
                try test.expectAll([
                    "total": [assignment.totalCost],
                    "pairs": [Double(Set(assignment.columns).count)],
                ])
            } else {
                let plan = try TransportPlan.solve(
                    cost, sources: golden.tensor("a", of: test).data,
                    targets: golden.tensor("b", of: test).data)
                try test.expectAll(["cost": [plan.cost]])
            }
            compared += 1
        }
        #expect(compared >= 2)
    }

    @Test("with entropy, and as divergence")
    func sinkhorn() throws {
        let golden = try GoldenFile.read("sinkhorn.json")
        for test in golden.cases {
            let first = try golden.measure(test, "x", "a")
            let second = try golden.measure(test, "y", "b")
            let p = try test.number("p")
            let found = try SinkhornDivergence(
                first, second, p: p, epsilon: test.number("epsilon"))
            try test.expect(["divergence": [found.value]])
            guard test.expected.count > 1 else { continue }
            let exact = try TransportPlan.solve(
                .distances(first, second, p: p), sources: first.weights, targets: second.weights)
            try test.expectAll([
                "divergence": [found.value], "sharp_divergence": [found.sharpValue],
                "ot_xy": [found.between.value], "sharp_xy": [found.between.transportCost],
                "ot_xx": [found.withinFirst.value], "sharp_xx": [found.withinFirst.transportCost],
                "ot_yy": [found.withinSecond.value],
                "sharp_yy": [found.withinSecond.transportCost],
                "unregularised_cost": [exact.cost],
            ])
        }
        #expect(golden.cases.count >= 13)
    }

    @Test("on projections")
    func sliced() throws {
        let golden = try GoldenFile.read("sliced.json")
        for test in golden.cases {
            let found = try SlicedWasserstein(
                golden.measure(test, "x", "a"), golden.measure(test, "y", "b"),
                p: test.number("p"), directions: golden.tensor("directions", of: test).data)
            try test.expectAll([
                "sw": [found.distance], "max_sw": [found.largest],
                "per_direction": found.perDirection,
            ])
        }
        #expect(golden.cases.count >= 6)
    }
}
