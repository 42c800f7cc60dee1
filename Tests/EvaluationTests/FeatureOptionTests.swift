import Evaluation
import Philox
import Testing

@Suite("Further measures and settings of feature sets")
struct FeatureOptionTests {
    @Test("a distance by distributions is that by rows, in parts that were merged too")
    func distributions() throws {
        let (x, y) = (try normalFeatures(60, 5, seed: 1), try normalFeatures(80, 5, seed: 2))
        var parts = [try GaussianStatistics(dimensions: 5), try GaussianStatistics(dimensions: 5)]
        for row in 0..<60 {
            let numbers = (0..<5).map { x[row, $0] }
            try parts[row % 2].add(FeatureMatrix(numbers, dimensions: 5))
        }
        try parts[0].merge(parts[1])
        let other = try GaussianStatistics(y).distribution()
        let found = try FrechetDistance(
            parts[0].distribution(), Gaussian(mean: other.mean, covariance: other.covariance))
        let expected = try FrechetDistance(x, y)
        #expect(abs(found.value - expected.value) < 1e-12 * expected.value)
        #expect(found.firstCount == nil && found.dimensions == 5)
        let one = try parts[0].distribution()
        #expect(try FrechetDistance(one, one).value == 0)
        #expect(throws: SampleError.dimensionsDiffer(first: 5, second: 1)) {
            try FrechetDistance(one, Gaussian(mean: [0], covariance: [1]))
        }
    }

    @Test("the limit of the Fréchet distance is nearer to the truth than the distance of all rows")
    func limit() throws {
        let (x, y) = (try normalFeatures(600, 10, seed: 3), try normalFeatures(20_000, 10, seed: 4))
        let sizes = FrechetExtrapolation.evenSizes(from: 60, to: 600, count: 10)
        #expect(sizes == [60, 120, 180, 240, 300, 360, 420, 480, 540, 600])
        var random = RandomStream(seed: 5, stream: 0)
        let found = try FrechetExtrapolation(x, beside: y, sizes: sizes, using: &random)
        let all = try FrechetDistance(x, y).value
        #expect(abs(found.limit) < all / 3 && found.slope > 0)
        #expect(found.distances.last?.value == all && found.distances[0].firstCount == 60)
        let error = try #require(found.standardError)
        #expect(error > 0 && error < all / 3)
        var same = RandomStream(seed: 5, stream: 0)
        #expect(
            try FrechetExtrapolation(x, beside: y, sizes: sizes, using: &same).limit == found.limit)
        #expect(try FrechetExtrapolation(x, y, sizes: [9, 600]).standardError == nil)
        #expect(throws: SampleError.sampleSizes([5, 601], smallestSet: 600)) {
            try FrechetExtrapolation(x, beside: y, sizes: [5, 601], using: &same)
        }
    }

    @Test("the limit with fewer rows than features is that of the covariances")
    func limitOfFewRows() throws {
        let (x, y) = (try normalFeatures(40, 12, seed: 6), try normalFeatures(50, 12, seed: 7))
        var random = RandomStream(seed: 1, stream: 0)
        let found = try FrechetExtrapolation(x, beside: y, sizes: [8, 40], using: &random)
        #expect(abs(found.distances[1].value - (try FrechetDistance(x, y).value)) < 1e-9)
    }

    @Test("a shift has three times its squared length as MIND, on any number of samples")
    func mongeShift() throws {
        let x = try normalFeatures(50, 6, seed: 1)
        let values = (0..<50).flatMap { row in (0..<6).map { x[row, $0] + Double($0) } }
        let moved = try FeatureMatrix(values, dimensions: 6)
        let found = try MongeDistance(x, moved, directions: 4000, seed: 2)
        let error = try #require(found.standardError)
        #expect(abs(found.value - 3 * 55) < 4 * error && error < 10)
        #expect(try MongeDistance(x, x, directions: 3).value == 0)
        #expect(try MongeDistance(x, moved, directions: 1).standardError == nil)
        let twice = try FeatureMatrix(values + values, dimensions: 6)
        let doubled = try MongeDistance(x, twice, directions: 4000, seed: 2).value
        #expect(abs(doubled - found.value) < 1e-9)
        #expect(try MongeDistance(x, moved, directions: 4000, seed: 2) == found)
        #expect(try MongeDistance(x, moved, directions: 4000, seed: 3).value != found.value)
        // The first directions stay what they are when more are asked for.
        let few = try MongeDistance(x, moved, directions: 16, seed: 2).perDirection
        #expect(Array(found.perDirection.prefix(16)) == few)
    }

    @Test("MIND refuses directions that are none")
    func mongeErrors() throws {
        let x = try normalFeatures(5, 2, seed: 1)
        for count in [0, -1, MongeDistance.mostDirections + 1] {
            #expect(throws: SampleError.directions(count)) {
                try MongeDistance(x, x, directions: count)
            }
        }
        #expect(throws: SampleError.directions(0)) {
            try MongeDistance(x, x, along: FeatureMatrix([1, 0, 0, 0], dimensions: 2))
        }
        #expect(throws: SampleError.dimensionsDiffer(first: 2, second: 3)) {
            try MongeDistance(x, x, along: FeatureMatrix([1, 0, 0], dimensions: 3))
        }
        #expect(throws: SampleError.dimensionsDiffer(first: 2, second: 3)) {
            try MongeDistance(x, normalFeatures(5, 3, seed: 1))
        }
    }

    @Test("a path's length is the squared difference over the squared step, less the outliers")
    func path() throws {
        let starts = try FeatureMatrix([0, 0, 0, 0, 0], dimensions: 1)
        let ends = try FeatureMatrix([1, 2, 3, 4, 5], dimensions: 1)
        let all = try PathLength(starts, ends, step: 0.5, percentiles: 0...100)
        #expect(all.lengths == [4, 16, 36, 64, 100] && all.value == 44 && all.countedLengths == 5)
        let some = try PathLength(starts, ends, step: 0.5, percentiles: 30...60)
        #expect(abs(some.value - 116 / 3) < 1e-12 && some.countedLengths == 3)
        #expect(throws: SampleError.unpairedRows(first: 5, second: 4)) {
            try PathLength(starts, normalFeatures(4, 1, seed: 1))
        }
        for (step, range) in [(0, 1...99), (.infinity, 1...99), (.nan, 1...99), (1, 0...100.5)] {
            #expect(throws: SampleError.self) {
                try PathLength(starts, ends, step: step, percentiles: range)
            }
        }
    }

    @Test("closed balls hold their surface, duplicates among it")
    func closed() throws {
        let line = try FeatureMatrix([0, 1, 2, 3], dimensions: 1)
        let next = try FeatureMatrix([4, 4, 4, 4], dimensions: 1)
        let open = try NeighbourScores(real: line, generated: next, neighbour: 1)
        #expect(open.precision == 0 && open.recall == 0 && open.fScore == 0)
        let closed = try NeighbourScores(
            real: line, generated: next, neighbour: 1, isClosed: true)
        #expect(closed.precision == 1 && closed.recall == 0 && closed.coverage == 0.25)
        let same = try NeighbourScores(real: next, generated: next, neighbour: 1, isClosed: true)
        #expect(same.precision == 1 && same.recall == 1 && same.fScore == 1)
    }

    @Test("a shuffle of the classes is a function of its seed, and mends an order by class")
    func shuffled() throws {
        let rows: [Double] = (0..<200).map { ($0 < 100) == $0.isMultiple(of: 2) ? 1 : 0 }
        let sorted = try FeatureMatrix(rows, dimensions: 2)
        #expect(try ClassifierScore(probabilities: sorted, splits: 2).value == 1)
        let shuffled = try ClassifierScore(probabilities: sorted, splits: 2, shuffledBy: 4)
        #expect(shuffled.value > 1.8)
        #expect(try ClassifierScore(probabilities: sorted, splits: 2, shuffledBy: 4) == shuffled)
        let other = try ClassifierScore(probabilities: sorted, splits: 2, shuffledBy: 5)
        #expect(other.perSplit != shuffled.perSplit)
        let whole = try ClassifierScore(probabilities: sorted, splits: 1, shuffledBy: 4).value
        #expect(abs(whole - 2) < 1e-12)
    }
}
