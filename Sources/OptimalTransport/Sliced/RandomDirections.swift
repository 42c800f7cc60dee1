import Philox

/// A sequence of directions distributed evenly over the sphere: normalised Gaussian vectors.
struct RandomDirections {
    /// No data is drawn from this stream.
    private static let stream: UInt32 = 1 << 26

    private var random: RandomStream
    private let dimensions: Int

    init(dimensions: Int, seed: UInt64) {
        random = RandomStream(seed: seed, stream: Self.stream)
        self.dimensions = dimensions
    }

    /// The next unit vector, `[dimensions]`.
    mutating func next() -> [Double] {
        while true {
            let vector = (0..<dimensions).map { _ in Double(random.nextNormal()) }
            // A vector of zeros, which may come up once in 2²⁴ on the line, has no direction.
            if let direction = normalised(vector) { return direction }
        }
    }
}

/// The vector at length one; nil if it has no usable length.
func normalised(_ vector: some Collection<Double>) -> [Double]? {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0, vector.allSatisfy({ abs($0) <= 1e100 }) else { return nil }
    // Relative to the largest coordinate, whose square cannot vanish.
    let relative = vector.map { $0 / largest }
    let length = relative.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return relative.map { $0 / length }
}
