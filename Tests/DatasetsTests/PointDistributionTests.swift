import Foundation
import Philox
import Testing

@testable import Datasets

@Suite("Moons, rings and points of one's own")
struct PointDistributionTests {
    private func points(_ distribution: some PointDistribution, _ count: Int) -> [(Float, Float)] {
        var random = RandomStream(seed: 3, stream: 4)
        let sample = distribution.sample(count, using: &random)
        return stride(from: 0, to: sample.count, by: 2).map { (sample[$0], sample[$0 + 1]) }
    }

    @Test("two moons without noise lie on their half circles, half of them on each")
    func moons() throws {
        let found = points(try TwoMoons(noise: 0), 2000)
        var upper = 0
        for (x, y) in found {
            let onUpper = abs(hypotf(x + 0.5, y + 0.25) - 1) < 1e-5 && y >= -0.2501
            let onLower = abs(hypotf(x - 0.5, y - 0.25) - 1) < 1e-5 && y <= 0.2501
            #expect(onUpper || onLower)
            if onUpper { upper += 1 }
        }
        #expect((900...1100).contains(upper))
    }

    @Test("rings without noise have their radii, each as often")
    func rings() throws {
        let found = points(try Rings(count: 3, radius: 6, noise: 0), 3000)
        let radii = found.map { hypotf($0.0, $0.1) }
        for radius: Float in [2, 4, 6] {
            #expect((900...1100).contains(radii.count { abs($0 - radius) < 1e-4 }))
        }
        #expect(abs(found.map(\.0).reduce(0, +)) < 500)
    }

    @Test("noise has the standard deviation that was asked for")
    func noise() throws {
        let found = points(try Rings(count: 1, radius: 0, noise: 0.5), 4000)
        let squares = found.reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 }
        #expect(abs((squares / 8000).squareRoot() - 0.5) < 0.02)
    }

    @Test("points of one's own are drawn whole and equally often")
    func cloud() throws {
        let cloud = try PointCloud([1, 10, 2, 20, 3, 30], dimensions: 2)
        #expect(cloud.count == 3)
        let found = points(cloud, 3000)
        for value: Float in [1, 2, 3] {
            let matching = found.filter { $0.0 == value }
            #expect((880...1120).contains(matching.count))
            #expect(matching.allSatisfy { $0.1 == 10 * value })
        }
    }

    @Test("normalised points have their mean at the origin and a largest coordinate of 1")
    func normalised() throws {
        let cloud = try PointCloud([0, 4, 8, 4, 4, 10], dimensions: 2).normalised()
        #expect(cloud.points == [-1, -0.5, 1, -0.5, 0, 1])
        #expect(try PointCloud([3, 3], dimensions: 1).normalised().points == [0, 0])
    }

    @Test("a sampled ring is centred and scaled, its first mode on top, and knows its modes")
    func sampledRing() throws {
        let ring = try SampledRing(seed: 3)
        #expect(ring.cloud.count == 500 && ring.modeCount == 5)
        #expect(ring.cloud.points.map(abs).max() == 1)
        let sums = (0..<2).map { axis in
            stride(from: axis, to: 1000, by: 2).reduce(0) { $0 + ring.cloud.points[$1] }
        }
        #expect(sums.allSatisfy { abs($0) < 1e-3 })
        #expect(abs(ring.means[0]) < 0.05 && ring.means[1] > 0.6)
        // The hundred points of each mode lie around its mean, as far as its deviation says.
        for mode in 0..<5 {
            let squares = (0..<200).reduce(Float(0)) { sum, place in
                let away = ring.cloud.points[200 * mode + place] - ring.means[2 * mode + place % 2]
                return sum + away * away
            }
            let deviation = (squares / 200).squareRoot()
            #expect(abs(deviation / ring.standardDeviations[mode] - 1) < 0.2)
        }
        let drawn = points(ring, 50)
        let known = Set(ring.cloud.points)
        #expect(drawn.allSatisfy { known.contains($0.0) && known.contains($0.1) })
        #expect(try SampledRing(seed: 3) == ring && SampledRing(seed: 4) != ring)
        #expect(throws: PointCloudError.self) { try SampledRing(pointsEach: 0) }
        #expect(throws: DistributionError.radius(-1)) { try SampledRing(radius: -1) }
    }

    @Test("what cannot be drawn from is refused")
    func errors() {
        #expect(throws: DistributionError.scale(-1)) { try TwoMoons(noise: -1) }
        #expect(throws: DistributionError.componentCount(0)) { try Rings(count: 0) }
        #expect(throws: DistributionError.self) { try Rings(radius: .nan) }
        #expect(throws: PointCloudError.shape(values: 3, dimensions: 2)) {
            try PointCloud([Float](arrayLiteral: 1, 2, 3), dimensions: 2)
        }
        #expect(throws: PointCloudError.shape(values: 0, dimensions: 2)) {
            try PointCloud([Float](), dimensions: 2)
        }
        #expect(throws: PointCloudError.shape(values: 1, dimensions: 0)) {
            try PointCloud([Float(1)], dimensions: 0)
        }
        #expect(throws: PointCloudError.notFinite(point: 1, axis: 0)) {
            try PointCloud([1, 2, .infinity, 4], dimensions: 2)
        }
    }
}
