import OptimalTransport
import Testing

@Suite("Sliced Wasserstein distances")
struct SlicedWassersteinTests {
    @Test("are at most the largest slice, and that at most the exact distance", arguments: [1, 2])
    func order(p: Double) throws {
        for trial in 0..<4 {
            var clouds = Clouds(seed: 41, stream: trial)
            let a = try clouds.weighted(25, dimensions: 3)
            let b = try clouds.weighted(20, dimensions: 3)
            let sliced = try SlicedWasserstein(a, b, p: p, directions: 200, seed: 1)
            let best = try MaxSlicedWasserstein(a, b, p: p, seed: 1)
            #expect(sliced.perDirection.count == 200)
            #expect(sliced.distance < sliced.largest)
            #expect(sliced.largest <= best.distance)
            #expect(best.distance <= (try wasserstein(a, b, p: p)) + 1e-12)
            let along = try SlicedWasserstein(a, b, p: p, directions: best.direction)
            #expect(abs(along.distance - best.distance) < 1e-14)
        }
    }

    @Test("of a shift are its length over the root of the dimensions, and at most its length")
    func translation() throws {
        var clouds = Clouds(seed: 42)
        let a = try clouds.weighted(20, dimensions: 3)
        let b = try a.moved(by: [2, -3, 6])
        let sliced = try SlicedWasserstein(a, b, directions: 4000, seed: 2)
        #expect(abs(sliced.distance - 7 / 3.0.squareRoot()) < 0.1)
        let best = try MaxSlicedWasserstein(a, b, restarts: 1, seed: 2)
        #expect(abs(best.distance - 7) < 1e-10)
        #expect(zip(best.direction, [2, -3, 6]).allSatisfy { abs(abs($0) - abs($1) / 7) < 1e-5 })
    }

    @Test("on the line are the exact distance, and come again with the same seed")
    func line() throws {
        var clouds = Clouds(seed: 43)
        let a = try clouds.weighted(20, dimensions: 1)
        let b = try clouds.sample(33, dimensions: 1)
        let exact = try wasserstein(a, b, p: 2)
        #expect(abs(try SlicedWasserstein(a, b, directions: 5, seed: 3).distance - exact) < 1e-14)
        #expect(abs(try MaxSlicedWasserstein(a, b, seed: 3).distance - exact) < 1e-14)
        let plane = try clouds.sample(10, dimensions: 2)
        let other = try clouds.sample(10, dimensions: 2)
        let draws = try [4, 4, 5].map { try SlicedWasserstein(plane, other, seed: $0) }
        #expect(draws[0] == draws[1] && draws[0] != draws[2])
    }

    @Test("find the one axis on which two clouds differ")
    func hiddenAxis() throws {
        var clouds = Clouds(seed: 44)
        // Same means; the spread differs on the last axis only.
        let points = clouds.normal(400 * 4)
        let a = try DiscreteMeasure(points, dimensions: 4)
        let b = try DiscreteMeasure(
            points.enumerated().map { $0 % 4 == 3 ? 4 * $1 : $1 }, dimensions: 4)
        let best = try MaxSlicedWasserstein(a, b, restarts: 3, seed: 1)
        #expect(abs(best.direction[3]) > 0.99)
        #expect(best.distance > 2.8)
    }

    @Test("are zero for equal measures, and independent of the scale")
    func scales() throws {
        var clouds = Clouds(seed: 45)
        let a = try clouds.weighted(12, dimensions: 2)
        let b = try clouds.weighted(9, dimensions: 2)
        #expect(try SlicedWasserstein(a, a, seed: 1).distance == 0)
        #expect(try MaxSlicedWasserstein(a, a, seed: 1).distance == 0)
        let sliced = try SlicedWasserstein(a, b, p: 3, seed: 1).distance
        let best = try MaxSlicedWasserstein(a, b, p: 3, seed: 1).distance
        for factor in [1e-200, 1e200] {
            let (c, d) = (try a.scaled(by: factor), try b.scaled(by: factor))
            let other = try SlicedWasserstein(c, d, p: 3, seed: 1).distance
            #expect(abs(other / factor - sliced) < 1e-12 * sliced)
            let otherBest = try MaxSlicedWasserstein(c, d, p: 3, seed: 1).distance
            #expect(abs(otherBest / factor - best) < 1e-6 * best)
        }
    }

    @Test("need usable directions and orders")
    func errors() throws {
        let a = try DiscreteMeasure([0.0, 1], dimensions: 2)
        let line = try DiscreteMeasure([0.0, 1], dimensions: 1)
        #expect(throws: SlicingError.directionCount(0)) {
            try SlicedWasserstein(a, a, directions: 0, seed: 1)
        }
        #expect(throws: SlicingError.directionCount(-1)) {
            try MaxSlicedWasserstein(a, a, restarts: -1, seed: 1)
        }
        for directions in [[], [1, 0, 1]] as [[Double]] {
            #expect(throws: SlicingError.unevenDirections(values: directions.count, dimensions: 2))
            {
                try SlicedWasserstein(a, a, directions: directions)
            }
        }
        for bad in [0, Double.nan, .infinity] {
            #expect(throws: SlicingError.unusableDirection(1)) {
                try SlicedWasserstein(a, a, directions: [1, 0, bad, 0])
            }
        }
        #expect(throws: TransportError.unequalDimensions(first: 2, second: 1)) {
            try SlicedWasserstein(a, line, seed: 1)
        }
        #expect(throws: TransportError.unequalDimensions(first: 1, second: 2)) {
            try MaxSlicedWasserstein(line, a, seed: 1)
        }
        #expect(throws: TransportError.order(0.5)) {
            try SlicedWasserstein(a, a, p: 0.5, seed: 1)
        }
        #expect(throws: TransportError.order(.infinity)) {
            try MaxSlicedWasserstein(a, a, p: .infinity, seed: 1)
        }
    }
}
