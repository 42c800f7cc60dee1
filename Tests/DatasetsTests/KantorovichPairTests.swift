import Datasets
import FileTestSupport
import Foundation
import Philox
import Testing

@Suite("Pairs with a known distance")
struct KantorovichPairTests {
    private static let file = "w1_benchmark.json"

    private func pair(_ test: GoldenFile.Case, in file: GoldenFile) throws -> KantorovichPair {
        let centres = try file.tensor("centers", of: test)
        #expect(try test.number("half_width") == KantorovichPair.halfWidth)
        #expect(try test.number("power") == KantorovichPair.power)
        return try KantorovichPair(
            dimensions: centres.shape[1], centres: centres.data,
            offsets: file.tensor("offsets", of: test).data)
    }

    private func rows(_ role: String, _ test: GoldenFile.Case, in file: GoldenFile) throws
        -> [[Double]]
    {
        let tensor = try file.tensor(role, of: test)
        return stride(from: 0, to: tensor.data.count, by: tensor.shape[1]).map {
            Array(tensor.data[$0..<$0 + tensor.shape[1]])
        }
    }

    @Test(
        "give the reference's potentials, rays and moved points",
        .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
    func points() throws {
        let file = try GoldenFile.read(Self.file)
        var count = 0
        for test in file.cases where test.metric == "kantorovich_pair" {
            let pair = try pair(test, in: file)
            let points = try rows("x", test, in: file)
            let rays = points.map(pair.ray)
            try test.expect([
                "u": points.map(pair.potential), "funnel": rays.map { Double($0.funnel) },
                "gradient": rays.flatMap(\.direction), "ray_length": rays.map(\.length),
                "position": rays.map(\.position), "moved": points.flatMap(pair.image),
                "distance": rays.map(\.cost),
            ])
            count += 1
        }
        #expect(count == 7)
    }

    @Test(
        "leave a centre where it is",
        .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
    func apex() throws {
        let file = try GoldenFile.read(Self.file)
        let test = try #require(file.cases.first { $0.metric == "kantorovich_pair_apex" })
        let pair = try pair(test, in: file)
        let points = try rows("x", test, in: file)
        try test.expect([
            "u": points.map(pair.potential), "moved": points.flatMap(pair.image),
        ])
    }

    @Test(
        "have the reference's distance",
        .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
    func distances() throws {
        let file = try GoldenFile.read(Self.file)
        var count = 0
        for test in file.cases where test.metric == "kantorovich_pair_w1" {
            let pair = try pair(test, in: file)
            let wanted = try #require(test.expected["w1"]?.number)
            let error = try test.number("standard_error")
            let found = pair.distance(count: 2000)
            #expect(
                abs(found.value - wanted) <= 5 * (error + found.standardError),
                "\(test.id): \(found)")
            #expect((found.standardError == 0) == (pair.dimensions == 2))
            // The mean distance of points of our own.
            var random = RandomStream(seed: 5, stream: 1)
            let points = pair.uniform.sample(1000, using: &random).map(Double.init)
            let moves = stride(from: 0, to: points.count, by: pair.dimensions).map {
                pair.ray(through: Array(points[$0..<$0 + pair.dimensions])).cost
            }
            let mean = moves.reduce(0, +) / 1000
            let spread = try test.number("distance_deviation") / 1000.0.squareRoot()
            #expect(abs(mean - wanted) <= 5 * (error + spread), "\(test.id): \(mean)")
            count += 1
        }
        #expect(count == 5)
    }

    @Test(
        "move each point along a ray of slope 1, within the cube and the funnel",
        arguments: [(1, 3), (2, 1), (2, 64), (5, 7), (32, 16)])
    func maps(dimensions: Int, funnels: Int) throws {
        let pair = try KantorovichPair(dimensions: dimensions, funnels: funnels, seed: 7)
        #expect(pair.funnels == funnels && pair.centres.count == funnels * dimensions)
        var random = RandomStream(seed: 3, stream: 1)
        var again = random
        let uniform = pair.uniform.sample(300, using: &random)
        let moved = pair.moved.sample(300, using: &again)
        for start in stride(from: 0, to: uniform.count, by: dimensions) {
            let x = uniform[start..<start + dimensions].map(Double.init)
            let (y, ray) = (pair.image(of: x), pair.ray(through: x))
            #expect(abs(pair.potential(at: x) - pair.potential(at: y) - ray.cost) < 1e-11)
            let way = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(abs(way - ray.cost) < 1e-11)
            #expect(y.allSatisfy { abs($0) <= KantorovichPair.halfWidth })
            // Uniform points are rounded to single precision, moved ones before that.
            #expect(
                zip(y, moved[start..<start + dimensions]).allSatisfy {
                    abs($0 - Double($1)) < 1e-4
                })
            #expect(ray.position > 0 && ray.position <= 1)
        }
    }

    @Test("have a potential whose slope is at most 1")
    func slopes() throws {
        let pair = try KantorovichPair(dimensions: 3, funnels: 20, seed: 1)
        var random = RandomStream(seed: 4, stream: 1)
        let points = pair.uniform.sample(4000, using: &random).map(Double.init)
        for start in stride(from: 0, to: points.count, by: 6) {
            let (x, y) = (Array(points[start..<start + 3]), Array(points[start + 3..<start + 6]))
            let way = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(abs(pair.potential(at: x) - pair.potential(at: y)) <= way * (1 + 1e-14))
        }
    }

    @Test("are named by dimensions, funnels and seed, and refuse what makes none")
    func names() throws {
        let pair = try KantorovichPair(dimensions: 4, funnels: 4, seed: 1)
        #expect(try KantorovichPair(dimensions: 4, funnels: 4, seed: 1) == pair)
        #expect(try KantorovichPair(dimensions: 4, funnels: 4, seed: 2) != pair)
        #expect(pair.centres.allSatisfy { abs($0) <= KantorovichPair.halfWidth })
        for (dimensions, funnels) in [(0, 1), (-1, 1), (2, 0), (Int.max, 2), (1 << 16, 1 << 16)] {
            #expect(throws: DistributionError.self) {
                try KantorovichPair(dimensions: dimensions, funnels: funnels, seed: 0)
            }
        }
        #expect(throws: DistributionError.self) {
            try KantorovichPair(dimensions: 2, centres: [0, 0, 1], offsets: [0])
        }
        for (centres, offsets) in [
            ([0, .nan], [0]), ([0, 2.6], [0]), ([0, 0], [.infinity]), ([1, 1, 1, 1], [0, 0.1]),
        ] as [([Double], [Double])] {
            #expect(throws: DistributionError.self) {
                try KantorovichPair(dimensions: 2, centres: centres, offsets: offsets)
            }
        }
    }
}
