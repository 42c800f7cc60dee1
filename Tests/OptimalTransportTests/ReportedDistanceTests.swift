import OptimalTransport
import Testing

/// Small problems that other programs are known to get wrong, with their right answers.
@Suite("Distances that others were reported to get wrong")
struct ReportedDistanceTests {
    private func line(_ points: [Double], _ weights: [Double]) throws -> DiscreteMeasure {
        try DiscreteMeasure(points, dimensions: 1, weights: weights)
    }

    private func plane(_ points: [[Double]]) throws -> DiscreteMeasure {
        try DiscreteMeasure(points.flatMap(\.self), dimensions: 2)
    }

    @Test("weights on the line are masses at the points, not points themselves")
    func weightsOnTheLine() throws {
        let cases: [([Double], [Double], [Double], Double)] = [
            ([0.0, 1], [0.5, 0.5], [0.2, 0.8], 0.3),
            ([0, 1], [1, 0], [0, 1], 1),
            ([1, 0], [0.5, 0.5], [0.2, 0.8], 0.3),
            ([0, 1, 2, 3], [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], 2),
            ([0, 1, 2, 3], [1, 0, 0, 0], [0, 0, 0, 1], 3),
            ([0, 1, 2, 3], [0, 0.5, 0.5, 0], [0.5, 0, 0, 0.5], 1),
            // The totals differ: shares are compared.
            ([0, 1, 2], [1, 1, 1], [2, 0, 0], 1),
            ([0, 1, 2], [3, 3, 3], [0, 0, 0.1], 1),
            ([0, 1, 2], [1, 1, 1], [0, 5, 0], 2.0 / 3),
        ]
        for (points, first, second, expected) in cases {
            let distance = try wasserstein(line(points, first), line(points, second))
            #expect(abs(distance - expected) < 1e-15, "\(first) \(second)")
            let back = try wasserstein(line(points, second), line(points, first))
            #expect(abs(back - expected) < 1e-15, "\(second) \(first)")
            // The same on a line of the plane, where the network simplex method decides.
            let lifted = { (weights: [Double]) in
                try DiscreteMeasure(points.flatMap { [0, $0] }, dimensions: 2, weights: weights)
            }
            #expect(abs(try wasserstein(lifted(first), lifted(second)) - expected) < 1e-14)
        }
    }

    @Test("high orders neither overflow nor lose the longest way", arguments: [1.0, 1e-300, 1e200])
    func highOrders(unit: Double) throws {
        let a = try DiscreteMeasure([1, 2, 3, 54].map { $0 * unit }, dimensions: 1)
        let b = try DiscreteMeasure([1, 2, 3, 4].map { $0 * unit }, dimensions: 1)
        // 50 · 4^(−1/p).
        for (order, expected) in [
            (540.0, 49.87180403451089), (1, 12.5), (2, 25), (100, 49.31163522466796),
            (100_000, 49.99930685762395), (.infinity, 50),
        ] {
            let found = try SlicedWasserstein(a, b, p: order, directions: 1, seed: 0).distance
            #expect(abs(found / unit - expected) < 1e-11, "\(order)")
            let exact = try wasserstein(a, b, p: order)
            #expect(abs(exact / unit - expected) < 1e-11, "\(order)")
        }
    }

    @Test(
        "a point far away that both sides share does not hide the others", arguments: [1e3, 1e16])
    func farPoint(far: Double) throws {
        let a = try plane([[0, 0], [1, 0], [far, 0]])
        let b = try plane([[0.5, 0], [2, 0], [far, 0]])
        #expect(abs(try wasserstein(a, b) - 0.5) < 1e-15)
        #expect(abs(try wasserstein(a, b, p: 2) - (1.25 / 3).squareRoot()) < 1e-15)
        let c = try plane([[far, 0], [0, 0], [0, 1]])
        let d = try plane([[0, 0.25], [0, 1.25], [far, 0]])
        #expect(abs(try wasserstein(c, d) - 0.5 / 3) < 1e-15)
    }

    @Test("costs of very different sizes are told apart", arguments: [8795.0, 10, 1e12])
    func unequalCosts(far: Double) throws {
        let a = try plane([[0, 0], [far, 0]])
        let b = try plane([[1, 3], [far, 0]])
        #expect(abs(try wasserstein(a, b) - 10.0.squareRoot() / 2) < 1e-15)
        #expect(abs(try wasserstein(b, a, p: 2) - 5.0.squareRoot()) < 1e-15)
    }
}
