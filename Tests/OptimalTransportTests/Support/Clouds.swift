import OptimalTransport
import Philox

/// Random points and weights.
struct Clouds {
    private var random: RandomStream

    init(seed: UInt64, stream: Int = 0) {
        random = RandomStream(seed: seed, stream: UInt32(stream))
    }

    mutating func normal(_ count: Int) -> [Double] {
        (0..<count).map { _ in Double(random.nextNormal()) }
    }

    /// 1 to `limit`.
    mutating func whole(_ count: Int, upTo limit: UInt32) -> [Double] {
        (0..<count).map { _ in Double(1 + random.nextBits() % limit) }
    }

    mutating func weights(_ count: Int) -> [Double] {
        (0..<count).map { _ in Double(random.nextUniform()) + 0.01 }
    }

    mutating func sample(_ count: Int, dimensions: Int) throws -> DiscreteMeasure {
        try DiscreteMeasure(normal(count * dimensions), dimensions: dimensions)
    }

    mutating func weighted(_ count: Int, dimensions: Int) throws -> DiscreteMeasure {
        try DiscreteMeasure(
            normal(count * dimensions), dimensions: dimensions, weights: weights(count))
    }
}

extension DiscreteMeasure {
    func moved(by shift: [Double]) throws -> DiscreteMeasure {
        try DiscreteMeasure(
            points.indices.map { points[$0] + shift[$0 % dimensions] }, dimensions: dimensions,
            weights: weights)
    }

    func scaled(by factor: Double) throws -> DiscreteMeasure {
        try DiscreteMeasure(points.map { $0 * factor }, dimensions: dimensions, weights: weights)
    }

    var mean: [Double] {
        (0..<dimensions).map { axis in
            (0..<count).reduce(0) { $0 + weights[$1] * points[$1 * dimensions + axis] }
        }
    }
}
