import OptimalTransport
import Philox
import Testing

@Suite("Wasserstein distances of weighted points")
struct WassersteinTests {
    @Test("are metrics, and grow with the order", arguments: [1, 2, 4], GroundNorm.allCases)
    func metric(dimensions: Int, norm: GroundNorm) throws {
        var clouds = Clouds(seed: 21, stream: dimensions)
        let a = try clouds.weighted(20, dimensions: dimensions)
        let b = try clouds.weighted(31, dimensions: dimensions)
        let c = try clouds.sample(17, dimensions: dimensions)
        var last = 0.0
        for p in [1, 1.5, 2, 7] {
            let distance = { try wasserstein($0, $1, p: p, norm: norm) }
            let ab = try distance(a, b)
            let bc = try distance(b, c)
            let ac = try distance(a, c)
            #expect(abs(ab - (try distance(b, a))) < 1e-12)
            #expect(ac <= ab + bc && ab <= ac + bc && bc <= ab + ac)
            #expect(try distance(a, a) == 0)
            #expect(ab > last)
            last = ab
        }
        let gap = zip(a.mean, b.mean).map(-)
        let length =
            norm == .l1
            ? gap.reduce(0) { $0 + abs($1) } : gap.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(length <= (try wasserstein(a, b, norm: norm)) + 1e-12)
    }

    @Test("follow a shift", arguments: [1, 2, 3])
    func translation(dimensions: Int) throws {
        var clouds = Clouds(seed: 22)
        let a = try clouds.weighted(25, dimensions: dimensions)
        let b = try clouds.weighted(18, dimensions: dimensions)
        let shift = clouds.normal(dimensions)
        let square = shift.reduce(0) { $0 + $1 * $1 }
        for p in [1, 2, 3.5] {
            let distance = try wasserstein(a, a.moved(by: shift), p: p)
            #expect(abs(distance - square.squareRoot()) < 1e-12)
        }
        let before = try wasserstein(a, b, p: 2)
        let after = try wasserstein(a.moved(by: shift), b, p: 2)
        let change = (0..<dimensions).reduce(square) {
            $0 + 2 * shift[$1] * (a.mean[$1] - b.mean[$1])
        }
        #expect(abs(after * after - before * before - change) < 1e-11)
    }

    @Test("count a weight as that many points")
    func duplicates() throws {
        var clouds = Clouds(seed: 23)
        for dimensions in [1, 2] {
            let points = [clouds.normal(9 * dimensions), clouds.normal(12 * dimensions)]
            let counts = [clouds.whole(9, upTo: 4), clouds.whole(12, upTo: 4)]
            let weighted = try zip(points, counts).map {
                try DiscreteMeasure($0, dimensions: dimensions, weights: $1)
            }
            let repeated = try weighted.indices.map { side in
                try DiscreteMeasure(
                    counts[side].indices.flatMap { point in
                        (0..<Int(counts[side][point])).flatMap { _ in
                            points[side][point * dimensions..<(point + 1) * dimensions]
                        }
                    }, dimensions: dimensions)
            }
            for p in [1.0, 2] {
                let expected = try wasserstein(repeated[0], repeated[1], p: p)
                #expect(abs(try wasserstein(weighted[0], weighted[1], p: p) - expected) < 1e-12)
            }
        }
    }

    /// Where distances tie in nearly every way, rounding errors of the prices look like gains.
    @Test("of many points at few places are found, and those of the places", arguments: [3, 5])
    func fewPlaces(places: Int) throws {
        for seed in 0..<20 {
            var random = RandomStream(seed: UInt64(seed), stream: UInt32(places))
            let near = (0..<600).flatMap { _ -> [Float] in [Float(random.nextNormal()), 1e-3] }
            var counts = [Double](repeating: 0, count: places)
            let repeated = (0..<600).flatMap { _ -> [Float] in
                let place = Int(random.nextBits() % UInt32(places))
                counts[place] += 1
                return [Float(place) / 10, 0]
            }
            let used = counts.indices.filter { counts[$0] > 0 }
            let atPlaces = used.flatMap { place -> [Float] in [Float(place) / 10, 0] }
            let weighted = try DiscreteMeasure(
                atPlaces, dimensions: 2, weights: used.map { counts[$0] })
            let distance = try exactWasserstein1(near, repeated, dimensions: 2)
            let same = try wasserstein(DiscreteMeasure(near, dimensions: 2), weighted)
            #expect(abs(distance - same) < 1e-12)
        }
    }

    @Test("on the line are those of the general method, which proves them", arguments: [1, 2, 3.7])
    func line(p: Double) throws {
        var clouds = Clouds(seed: 24)
        for trial in 0..<6 {
            let a = try clouds.weighted(1 + 7 * trial, dimensions: 1)
            let b = try trial.isMultiple(of: 2) ? a.scaled(by: 2) : clouds.sample(29, dimensions: 1)
            let cost = try CostMatrix.distances(a, b, p: p)
            let plan = try TransportPlan.solve(cost, sources: a.weights, targets: b.weights)
            expectOptimal(plan, cost, a.weights, b.weights)
            let line = try wasserstein(a, b, p: p)
            // The same points on a line in the plane.
            let embedded = try [a, b].map {
                try DiscreteMeasure(
                    $0.points.flatMap { [0.6 * $0, -0.8 * $0] }, dimensions: 2, weights: $0.weights)
            }
            let plane = try wasserstein(embedded[0], embedded[1], p: p)
            #expect(abs(line - plane) < 1e-11)
        }
    }

    @Test("of infinite order are the longest way, on the line")
    func infiniteOrder() throws {
        let a = try DiscreteMeasure([0, 1, 5], dimensions: 1, weights: [1, 1, 2])
        let b = try DiscreteMeasure([0.5, 9], dimensions: 1, weights: [3, 1])
        #expect(try wasserstein(a, b, p: .infinity) == 4.5)
        let plane = try DiscreteMeasure([0, 0], dimensions: 2)
        #expect(throws: TransportError.order(.infinity)) {
            try wasserstein(plane, plane, p: .infinity)
        }
    }

    @Test("scale with the points, however small or large", arguments: [1, 2])
    func scales(dimensions: Int) throws {
        var clouds = Clouds(seed: 25)
        let a = try clouds.weighted(12, dimensions: dimensions)
        let b = try clouds.weighted(15, dimensions: dimensions)
        for p in [1.0, 2, 5] {
            let expected = try wasserstein(a, b, p: p)
            for factor in [1e-300, 1e-12, 1e12, 1e200] {
                let distance = try wasserstein(
                    a.scaled(by: factor), b.scaled(by: factor), p: p)
                #expect(abs(distance / factor - expected) < 1e-12 * expected)
            }
        }
    }

    @Test("of points in one place, and of single points")
    func singlePlaces() throws {
        for dimensions in [1, 3] {
            let place = [Double](repeating: 2, count: dimensions)
            let many = try DiscreteMeasure(
                (0..<10).flatMap { _ in place }, dimensions: dimensions)
            let one = try DiscreteMeasure(place, dimensions: dimensions)
            let other = try one.moved(by: place)
            #expect(try wasserstein(many, one) == 0)
            let length = 2 * Double(dimensions).squareRoot()
            #expect(abs(try wasserstein(many, other, p: 2) - length) < 1e-14)
            #expect(try wasserstein(one, other, norm: .l1) == Double(2 * dimensions))
        }
    }

    @Test("need measures of one space, usable weights and an order of at least 1")
    func errors() throws {
        let line = try DiscreteMeasure([0.0, 1], dimensions: 1)
        let plane = try DiscreteMeasure([0.0, 1], dimensions: 2)
        #expect(throws: TransportError.unequalDimensions(first: 1, second: 2)) {
            try wasserstein(line, plane)
        }
        for order in [0.5, 0, -1, Double.nan] {
            #expect(throws: TransportError.self) { try wasserstein(line, line, p: order) }
            #expect(throws: TransportError.self) { try wasserstein(plane, plane, p: order) }
        }
        #expect(throws: TransportError.weightCount(nil, found: 3, points: 2)) {
            try DiscreteMeasure([0.0, 1], dimensions: 1, weights: [1, 1, 1])
        }
        #expect(throws: TransportError.weightOutOfRange(nil, point: 0)) {
            try DiscreteMeasure([0.0, 1], dimensions: 1, weights: [-1, 1])
        }
        #expect(throws: TransportError.noWeight(nil)) {
            try DiscreteMeasure([0.0, 1], dimensions: 1, weights: [0, 0])
        }
        #expect(throws: TransportError.costOutOfRange(row: 0, column: 0)) {
            try CostMatrix.distances(
                DiscreteMeasure([1e200], dimensions: 1), DiscreteMeasure([0.0], dimensions: 1),
                p: 2)
        }
    }
}
