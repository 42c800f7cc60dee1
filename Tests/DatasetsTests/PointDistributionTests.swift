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

    @Test("what cannot be drawn from is refused")
    func errors() {
        #expect(throws: DistributionError.scale(-1)) { try TwoMoons(noise: -1) }
        #expect(throws: DistributionError.componentCount(0)) { try Rings(count: 0) }
        #expect(throws: DistributionError.self) { try Rings(radius: .nan) }
        #expect(throws: PointCloudError.shape(values: 3, dimensions: 2)) {
            try PointCloud([1, 2, 3], dimensions: 2)
        }
        #expect(throws: PointCloudError.shape(values: 0, dimensions: 2)) {
            try PointCloud([], dimensions: 2)
        }
        #expect(throws: PointCloudError.shape(values: 1, dimensions: 0)) {
            try PointCloud([1], dimensions: 0)
        }
        #expect(throws: PointCloudError.notFinite(point: 1, axis: 0)) {
            try PointCloud([1, 2, .infinity, 4], dimensions: 2)
        }
    }
}
