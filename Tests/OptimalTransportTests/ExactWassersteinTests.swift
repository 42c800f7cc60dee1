import Foundation
import OptimalTransport
import Philox
import Testing

@Suite("Exact Wasserstein distances")
struct ExactWassersteinTests {
    private func cloud(_ count: Int, _ dimensions: Int, stream: UInt32) -> [Float] {
        var random = RandomStream(seed: 9, stream: stream)
        return (0..<count * dimensions).map { _ in random.nextNormal() }
    }

    @Test("are zero for the same points in any order")
    func identity() throws {
        let points = cloud(40, 2, stream: 1)
        let reversed = stride(from: 78, through: 0, by: -2).flatMap {
            [points[$0], points[$0 + 1]]
        }
        #expect(try exactWasserstein1(points, reversed, dimensions: 2) == 0)
        #expect(try exactWasserstein2(points, reversed, dimensions: 2) == 0)
    }

    @Test("are the length of a shift, and of a single pair")
    func translation() throws {
        let points = cloud(50, 2, stream: 1).map(Double.init)
        let moved = points.enumerated().map { $1 + ($0.isMultiple(of: 2) ? 3 : -4) }
        #expect(abs(try exactWasserstein1(points, moved, dimensions: 2) - 5) < 1e-12)
        #expect(abs(try exactWasserstein2(points, moved, dimensions: 2) - 5) < 1e-12)
        #expect(try exactWasserstein1([0, 0] as [Float], [3, 4], dimensions: 2) == 5)
    }

    @Test("on the line are those of the sorted values")
    func line() throws {
        let first = cloud(64, 1, stream: 1)
        let second = cloud(64, 1, stream: 2)
        let differences = zip(first.sorted(), second.sorted()).map { abs(Double($0) - Double($1)) }
        let mean = differences.reduce(0, +) / 64
        let square = differences.reduce(0) { $0 + $1 * $1 } / 64
        #expect(abs(try exactWasserstein1(first, second, dimensions: 1) - mean) < 1e-12)
        #expect(
            abs(try exactWasserstein2(first, second, dimensions: 1) - square.squareRoot()) < 1e-12)
    }

    @Test("are metrics, ordered, and at least the distance of the means", arguments: [1, 2, 5])
    func metric(dimensions: Int) throws {
        let clouds = (0..<3).map { cloud(48, dimensions, stream: $0) }
        let first = { try exactWasserstein1($0 as [Float], $1, dimensions: dimensions) }
        let second = { try exactWasserstein2($0 as [Float], $1, dimensions: dimensions) }
        for distance in [first, second] {
            let ab = try distance(clouds[0], clouds[1])
            let bc = try distance(clouds[1], clouds[2])
            let ac = try distance(clouds[0], clouds[2])
            #expect(abs(ab - (try distance(clouds[1], clouds[0]))) < 1e-12)
            #expect(ac <= ab + bc && ab <= ac + bc && bc <= ab + ac)
            #expect(ab > 0)
        }
        let w1 = try first(clouds[0], clouds[1])
        #expect(w1 <= (try second(clouds[0], clouds[1])))
        let gaps = (0..<dimensions).map { axis in
            (0..<48).reduce(0.0) {
                let index = $1 * dimensions + axis
                return $0 + Double(clouds[0][index]) - Double(clouds[1][index])
            } / 48
        }
        #expect(gaps.reduce(0) { $0 + $1 * $1 }.squareRoot() <= w1)
    }

    @Test("points that cannot be compared are refused")
    func errors() {
        let solve = { (first: [Float], second: [Float], dimensions: Int) in
            try exactWasserstein1(first, second, dimensions: dimensions)
        }
        #expect(throws: TransportError.empty) { try solve([], [], 2) }
        #expect(throws: TransportError.empty) { try solve([1], [], 1) }
        #expect(throws: TransportError.dimensions(0)) { try solve([1], [1], 0) }
        #expect(throws: TransportError.unequalCounts(first: 2, second: 1)) {
            try solve([1, 2, 3, 4], [1, 2], 2)
        }
        #expect(throws: TransportError.unevenPoints(.second, values: 3, dimensions: 2)) {
            try solve([1, 2, 3, 4], [1, 2, 3], 2)
        }
        #expect(throws: TransportError.pointNotFinite(.first, point: 1, axis: 0)) {
            try solve([1, 2, .nan, 4], [1, 2, 3, 4], 2)
        }
        #expect(throws: TransportError.pointNotFinite(.second, point: 0, axis: 1)) {
            try solve([1, 2], [1, .infinity], 2)
        }
        #expect(throws: TransportError.tooManyPairs(rows: 20_001, columns: 20_001)) {
            let many = [Float](repeating: 0, count: 40_002)
            return try solve(many, many, 2)
        }
        #expect(throws: TransportError.pointNotFinite(.second, point: 0, axis: 0)) {
            try exactWasserstein2([1e200], [-1e300], dimensions: 1)
        }
    }
}
