import Evaluation
import Testing

@Suite("Precision, recall, density and coverage")
struct NeighbourScoresTests {
    @Test("are all one for a set against itself")
    func identical() throws {
        let set = try normalFeatures(90, 4, seed: 1)
        let scores = try NeighbourScores(real: set, generated: set, neighbour: 3)
        #expect(scores.precision == 1 && scores.recall == 1)
        #expect(scores.density == 1 && scores.coverage == 1)
    }

    @Test("are all zero for sets far apart")
    func apart() throws {
        let scores = try NeighbourScores(
            real: normalFeatures(20, 2, seed: 1),
            generated: normalFeatures(30, 2, seed: 2, shift: 1000), neighbour: 5)
        #expect(scores.precision == 0 && scores.recall == 0)
        #expect(scores.density == 0 && scores.coverage == 0)
        #expect(scores.realCount == 20 && scores.generatedCount == 30)
    }

    @Test("count samples on the surface of a ball as outside, and duplicates not at all")
    func ties() throws {
        // Balls of the real points have radius 1; the generated ones lie at 1 from a real point.
        let line = try FeatureMatrix([0.0, 1, 2, 3], dimensions: 1)
        let beyond = try FeatureMatrix([-1.0, 4, -1, 4], dimensions: 1)
        let scores = try NeighbourScores(real: line, generated: beyond, neighbour: 1)
        #expect(scores.precision == 0 && scores.recall == 0)
        let points = try FeatureMatrix([Double](repeating: 0.1, count: 30), dimensions: 3)
        let same = try NeighbourScores(real: points, generated: points, neighbour: 2)
        #expect(same.precision == 0 && same.coverage == 0)
    }

    @Test(
        "are those of distances computed one by one, also where the quick formula loses its digits",
        arguments: [(0, 1.0), (1e6, 1), (1e12, 1e-3), (0, 0), (0, 1e-60), (0, 1e90)])
    func exact(_ shift: Double, _ scale: Double) throws {
        var x = try normalFeatures(70, 3, seed: 1)
        var y = try normalFeatures(50, 3, seed: 2)
        // Scale zero stands for a lattice, which is full of ties.
        let mapped = { (value: Double) in scale == 0 ? value.rounded() : shift + scale * value }
        x = try FeatureMatrix(x.values.map(mapped), dimensions: 3)
        y = try FeatureMatrix(y.values.map(mapped), dimensions: 3)
        let scores = try NeighbourScores(real: x, generated: y, neighbour: 4)
        let plain = PlainScores(x, y, neighbour: 4)
        #expect(scores.precision == plain.precision && scores.recall == plain.recall)
        #expect(scores.density == plain.density && scores.coverage == plain.coverage)
    }

    @Test("are the same of single precision, of many blocks and of rows of very different lengths")
    func blocks() throws {
        let sides = try [(300, UInt64(1)), (1100, 2)].map { count, seed in
            let features = try normalFeatures(count, 40, seed: seed)
            let numbers = features.values.enumerated().map { index, value in
                Float(index / 40 % 7 == 0 ? value * 1e-24 : value)
            }
            return (
                try FeatureMatrix(numbers, dimensions: 40),
                try FeatureMatrix(numbers.map { Double($0) }, dimensions: 40)
            )
        }
        let singles = try NeighbourScores(real: sides[0].0, generated: sides[1].0, neighbour: 2)
        let doubles = try NeighbourScores(real: sides[0].1, generated: sides[1].1, neighbour: 2)
        let plain = PlainScores(sides[0].1, sides[1].1, neighbour: 2)
        #expect(singles == doubles)
        #expect(singles.precision == plain.precision && singles.recall == plain.recall)
        #expect(singles.density == plain.density && singles.coverage == plain.coverage)
    }

    @Test("lose recall but not precision when modes are missing")
    func missingModes() throws {
        let (low, high) = (
            try normalFeatures(60, 2, seed: 1), try normalFeatures(60, 2, seed: 2, shift: 100)
        )
        let both = try FeatureMatrix(low.values + high.values, dimensions: 2)
        let half = try normalFeatures(60, 2, seed: 3)
        let scores = try NeighbourScores(real: both, generated: half, neighbour: 3)
        #expect(scores.precision > 0.8 && scores.recall < 0.51 && scores.coverage < 0.51)
    }

    @Test("need more samples than neighbours", arguments: [Int.min, 0, 5, 6, .max])
    func neighbours(_ k: Int) throws {
        let (five, nine) = (try normalFeatures(5, 2, seed: 1), try normalFeatures(9, 2, seed: 1))
        #expect(throws: SampleError.neighbours(k, smallestSet: 5)) {
            try NeighbourScores(real: nine, generated: five, neighbour: k)
        }
        #expect(throws: SampleError.tooFewRows(found: 1, needed: 2)) {
            try NeighbourScores(real: nine, generated: five.first(1), neighbour: k)
        }
    }

    @Test("refuse more rows than can be paired, at once")
    func tooMany() throws {
        let many = try FeatureMatrix([Float](repeating: 0, count: 100_001), dimensions: 1)
        #expect(throws: SampleError.tooManyRows(100_001)) {
            try NeighbourScores(real: many, generated: many, neighbour: 1)
        }
        #expect(throws: SampleError.tooManyRows(100_001)) { try KernelDistance(many, many) }
    }
}

/// The scores by their definition.
private struct PlainScores {
    let precision: Double
    let recall: Double
    let density: Double
    let coverage: Double

    init(_ x: FeatureMatrix, _ y: FeatureMatrix, neighbour k: Int) {
        let distances = Self.distances(x, y)
        let (radii, others) = (
            Self.distances(x, x).map { $0.sorted()[k] }, Self.distances(y, y).map { $0.sorted()[k] }
        )
        let (n, m) = (Double(x.count), Double(y.count))
        let inside = (0..<x.count).map { i in distances[i].map { $0 < radii[i] } }
        precision = Double((0..<y.count).count { j in inside.contains { $0[j] } }) / m
        recall = Double(distances.count { row in zip(row, others).contains { $0 < $1 } }) / n
        density = Double(inside.flatMap(\.self).count(where: \.self)) / Double(k) / m
        coverage = Double(inside.count { $0.contains(true) }) / n
    }

    private static func distances(_ x: FeatureMatrix, _ y: FeatureMatrix) -> [[Double]] {
        (0..<x.count).map { i in
            (0..<y.count).map { j in
                (0..<x.dimensions).reduce(0) { $0 + (x[i, $1] - y[j, $1]) * (x[i, $1] - y[j, $1]) }
            }
        }
    }
}
