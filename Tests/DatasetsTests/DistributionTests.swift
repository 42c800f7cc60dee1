import Datasets
import Philox
import Testing

@Suite("Point distributions")
struct DistributionTests {
    static let all: [any PointDistribution] = [
        try! MixtureOnGrid(count: 5), MixtureOnRing.eightGaussians, GaussianGrid25(), SwissRoll(),
    ]

    @Test("draw the same points from the same stream and others from another", arguments: 0..<4)
    func reproducible(index: Int) {
        let distribution = Self.all[index]
        var first = RandomStream(seed: 3, stream: 1)
        var same = RandomStream(seed: 3, stream: 1)
        var other = RandomStream(seed: 3, stream: 2)
        let points = distribution.sample(50, using: &first)
        #expect(points.count == 50 * distribution.dimensions)
        #expect(points == distribution.sample(50, using: &same))
        #expect(points != distribution.sample(50, using: &other))
    }

    @Test("fill a buffer with the points that an array gets", arguments: 0..<4)
    func fillAgreesWithSample(index: Int) {
        let distribution = Self.all[index]
        var first = RandomStream(seed: 3, stream: 1)
        var same = RandomStream(seed: 3, stream: 1)
        var points = [Float](repeating: .nan, count: 40)
        points.withUnsafeMutableBufferPointer { distribution.fill($0, using: &first) }
        #expect(points == distribution.sample(20, using: &same))
        #expect(distribution.sample(0, using: &same).isEmpty)
    }

    @Test("a mixture's points lie around its means with its deviations, equally often")
    func mixtureMoments() throws {
        let mixtures: [any MixtureDistribution] = [
            try MixtureOnGrid(count: 1), MixtureOnRing.eightGaussians, GaussianGrid25(),
            try GaussianMixture([
                .init(mean: [-9, 0, 1], scale: 0.5), .init(mean: [9, 3, 2], scale: 2),
            ]),
        ]
        let perMode = 2000
        for mixture in mixtures {
            var random = RandomStream(seed: 11, stream: 0)
            let points = mixture.sample(perMode * mixture.modeCount, using: &random)
            let groups = offsetsByMode(of: points, in: mixture)
            for (mode, offsets) in groups.enumerated() {
                let count = offsets.count / mixture.dimensions
                let deviation = Double(mixture.standardDeviations[mode])
                #expect(abs(count - perMode) < 5 * 45)
                for axis in 0..<mixture.dimensions {
                    let values = stride(from: axis, to: offsets.count, by: mixture.dimensions)
                        .map { offsets[$0] / deviation }
                    #expect(abs(values.reduce(0, +) / Double(count)) < 5 / 45)
                    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 0.17)
                }
            }
        }
    }

    /// The points relative to the nearest mean, grouped by it: `[mode][point, dimensions]`.
    private func offsetsByMode(
        of points: [Float], in mixture: any MixtureDistribution
    ) -> [[Double]] {
        let (means, dimensions) = (mixture.means, mixture.dimensions)
        var groups = [[Double]](repeating: [], count: mixture.modeCount)
        for start in stride(from: 0, to: points.count, by: dimensions) {
            var (nearest, smallest) = (0, Double.infinity)
            for mode in 0..<groups.count {
                var square = 0.0
                for axis in 0..<dimensions {
                    let difference = Double(points[start + axis] - means[mode * dimensions + axis])
                    square += difference * difference
                }
                if square < smallest { (nearest, smallest) = (mode, square) }
            }
            for axis in 0..<dimensions {
                groups[nearest].append(
                    Double(points[start + axis] - means[nearest * dimensions + axis]))
            }
        }
        return groups
    }

    @Test("a grid has ceil(sqrt n) columns, spacing 2 and deviation 0.5")
    func gridMeans() throws {
        #expect(try MixtureOnGrid().means == [0, 0, 2, 0])
        #expect(try MixtureOnGrid(count: 5).means == [0, 0, 2, 0, 4, 0, 0, 2, 2, 2])
        #expect(try MixtureOnGrid(count: 9).means.suffix(2) == [4, 4])
        #expect(try MixtureOnGrid(count: 3).standardDeviations == [0.5, 0.5, 0.5])
    }

    @Test("the eight Gaussians have radius 2 and deviation 0.02 over 1.414")
    func ringMeans() {
        let ring = MixtureOnRing.eightGaussians
        let diagonal = Float(2 / 1.414 / 2.0.squareRoot())
        let expected: [Float] = [
            2 / 1.414, 0, diagonal, diagonal, 0, 2 / 1.414, -diagonal, diagonal,
            -2 / 1.414, 0, -diagonal, -diagonal, 0, -2 / 1.414, diagonal, -diagonal,
        ]
        #expect(zip(ring.means, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(ring.means.count == 16)
        #expect(ring.standardDeviations.allSatisfy { abs($0 - 0.02 / 1.414) < 1e-8 })
    }

    @Test("the 25 Gaussians span ±4/2.828 in steps of 2/2.828")
    func gridOf25Means() {
        let grid = GaussianGrid25()
        #expect(grid.modeCount == 25)
        for (index, mean) in grid.means.enumerated() {
            let column = index.isMultiple(of: 2) ? index / 2 % 5 : index / 10
            #expect(abs(mean - Float(2 * column - 4) / 2.828) < 1e-6)
        }
        #expect(grid.standardDeviations.allSatisfy { abs($0 - 0.05 / 2.828) < 1e-8 })
    }

    @Test("the Swiss roll has the moments of its definition")
    func swissRollMoments() {
        var random = RandomStream(seed: 5, stream: 0)
        let count = 100_000
        let points = SwissRoll().sample(count, using: &random).map { 7.5 * Double($0) }
        let xs = stride(from: 0, to: points.count, by: 2).map { points[$0] }
        let ys = stride(from: 1, to: points.count, by: 2).map { points[$0] }
        // Means of t·cos t, t·sin t and t² over 1.5π…4.5π; the noise adds 2·0.25² to the last.
        #expect(abs(xs.reduce(0, +) / Double(count) - 2) < 0.15)
        #expect(abs(ys.reduce(0, +) / Double(count) - 2 / (3 * Double.pi)) < 0.15)
        let square = points.reduce(0) { $0 + $1 * $1 } / Double(count)
        let expected = (4.5 * 4.5 * 4.5 - 1.5 * 1.5 * 1.5) * Double.pi * Double.pi / 9 + 0.125
        #expect(abs(square / expected - 1) < 0.01)
        let radii = zip(xs, ys).map { ($0 * $0 + $1 * $1).squareRoot() }
        #expect(radii.min()! > 1.5 * Double.pi - 1.5 && radii.max()! < 4.5 * Double.pi + 1.5)
    }

    @Test("impossible numbers are refused with a sentence")
    func errors() {
        #expect(throws: DistributionError.componentCount(0)) { try GaussianMixture([]) }
        #expect(throws: DistributionError.componentCount(-1)) { try MixtureOnGrid(count: -1) }
        #expect(throws: DistributionError.componentCount(Int.max)) {
            try MixtureOnGrid(count: Int.max)
        }
        #expect(throws: DistributionError.meanLength(component: 0, found: 0, expected: 1)) {
            try GaussianMixture([.init(mean: [], scale: 1)])
        }
        #expect(throws: DistributionError.meanLength(component: 1, found: 1, expected: 2)) {
            try GaussianMixture([.init(mean: [0, 0], scale: 1), .init(mean: [0], scale: 1)])
        }
        #expect(throws: DistributionError.meanNotFinite(component: 0)) {
            try GaussianMixture([.init(mean: [.nan], scale: 1)])
        }
        #expect(throws: DistributionError.scale(-1)) {
            try GaussianMixture([.init(mean: [0], scale: -1)])
        }
        #expect(throws: DistributionError.radius(.infinity)) {
            try MixtureOnRing(count: 3, radius: .infinity, standardDeviation: 1)
        }
        #expect("\(DistributionError.componentCount(0))".hasSuffix("give from 1 to 1000000."))
    }
}
