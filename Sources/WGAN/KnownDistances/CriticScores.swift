public import Datasets
import Philox

/// Points of both distributions of a pair, with what is known of them.
public struct KantorovichSample: Sendable {
    /// What the points are drawn from.
    public let pair: KantorovichPair
    /// The exact distance W₁ of the pair.
    public let distance: Double
    /// Uniform points x, `[count, D]` in row-major order.
    public let uniform: [Float]
    /// T(x) of the same points.
    public let moved: [Float]
    /// ∇u at x and at T(x) alike, taken at x: near a centre Float would have lost the direction.
    public let directions: [Double]
    /// Selects the points.
    let seed: UInt64

    /// The number of points of each kind.
    public var count: Int { uniform.count / pair.dimensions }

    /// Points that no training sees.
    ///
    /// - Parameters:
    ///   - pair: What the points are drawn from.
    ///   - distance: W₁ of the pair; see `KantorovichPair.distance(count:seed:)`.
    ///   - count: Points of each kind.
    ///   - seed: Selects the points.
    public init(of pair: KantorovichPair, distance: Double, count: Int, seed: UInt64) {
        self.init(
            of: pair, distance: distance,
            uniform: Self.points(pair.uniform, count, seed, Self.judgedBatch), seed: seed)
    }

    /// The images of given points.
    init(of pair: KantorovichPair, distance: Double, uniform: [Float], seed: UInt64) {
        (self.pair, self.distance, self.seed) = (pair, distance, seed)
        self.uniform = uniform
        let d = pair.dimensions
        var (moved, directions): ([Float], [Double]) = ([], [])
        for start in stride(from: 0, to: uniform.count, by: d) {
            let x = uniform[start..<start + d].map(Double.init)
            moved += pair.image(of: x).map { Float($0) }
            directions += pair.ray(through: x).direction
        }
        (self.moved, self.directions) = (moved, directions)
    }

    /// Uniform points beside ``uniform``.
    func otherUniformPoints() -> [Float] {
        Self.points(pair.uniform, count, seed, Self.judgedBatch + 1)
    }

    /// Batches from here on are out of any training's reach.
    private static let judgedBatch: UInt64 = 1 << 40

    private static func points(
        _ side: some PointDistribution, _ count: Int, _ seed: UInt64, _ batch: UInt64
    ) -> [Float] {
        var random = RandomStream(seed: seed, stream: ReservedStream.data, step: batch)
        return side.sample(count, using: &random)
    }
}

/// How far a critic is from the optimal one, −u, and its estimate from the distance.
///
/// Source: Korotin, Kolesov and Burnaev 2022, section 5, arXiv:2206.07767; the slopes beside them
/// are ours. Their points are not the same ones in both means of the estimate, which makes it
/// noisier.
public struct CriticScores: Sendable, Hashable, Codable {
    /// The mean cosine of the angle between ∇f and −∇u at moved points, where a generator would be
    /// pushed: 1 for the optimal critic.
    public let cosine: Double
    /// The mean of |∇f + ∇u|² at moved points: 0 for the optimal critic.
    public let squaredError: Double
    /// mean f(T x) − mean f(x): W₁ for the optimal critic.
    public let estimate: Double
    /// The exact distance W₁.
    public let distance: Double
    /// As ``cosine``, at uniform points; nil for methods that have no critic there.
    public let uniformCosine: Double?
    /// The mean of |∇f| at moved points.
    public let meanSlope: Double
    /// The largest slope seen: a gradient's norm at any point, or the slope between two points.
    public let largestSlope: Double

    /// ``estimate`` / ``distance``.
    public var ratio: Double { estimate / distance }

    /// ``ratio`` / ``largestSlope``, which no critic can bring above 1, but for the points' chance.
    public var boundedRatio: Double { largestSlope > 0 ? ratio / largestSlope : 0 }

    /// What a critic's values at a sample's points come to.
    ///
    /// - Parameters:
    ///   - sample: Points whose optimal critic is known.
    ///   - moved: The critic's values at ``KantorovichSample/moved``.
    ///   - uniform: Those at ``KantorovichSample/uniform``.
    public init(of sample: KantorovichSample, moved: CriticValues, uniform: CriticValues) {
        let slopes = SlopeComparison(moved.gradients, sample)
        let others = SlopeComparison(uniform.gradients, sample)
        let gains = zip(moved.scores, uniform.scores).map { $0 - $1 }
        cosine = slopes.cosine
        squaredError = slopes.squaredError
        estimate = gains.reduce(0, +) / Double(gains.count)
        distance = sample.distance
        uniformCosine = others.cosine
        meanSlope = slopes.mean
        let between = zip(gains, Self.costs(of: sample)).reduce(0) { largest, pair in
            pair.1 > Self.leastGap ? max(largest, abs(pair.0) / pair.1) : largest
        }
        largestSlope = max(slopes.largest, others.largest, between)
    }

    /// What is known of a method that has gradients at moved points and an estimate alone.
    ///
    /// - Parameters:
    ///   - sample: Points whose optimal critic is known.
    ///   - gradients: Those of the critic at ``KantorovichSample/moved``, `[count, D]`.
    ///   - estimate: The method's estimate of the distance.
    public init(of sample: KantorovichSample, gradients: [Double], estimate: Double) {
        let slopes = SlopeComparison(gradients, sample)
        (cosine, squaredError) = (slopes.cosine, slopes.squaredError)
        (self.estimate, distance, uniformCosine) = (estimate, sample.distance, nil)
        (meanSlope, largestSlope) = (slopes.mean, slopes.largest)
    }

    /// Points closer than this are too close for a difference of Float scores.
    private static let leastGap = 0.01

    /// |T x − x| of the points as they are in Float.
    private static func costs(of sample: KantorovichSample) -> [Double] {
        let d = sample.pair.dimensions
        return (0..<sample.count).map { point in
            (point * d..<(point + 1) * d).reduce(0.0) { sum, index in
                let gap = Double(sample.moved[index]) - Double(sample.uniform[index])
                return sum + gap * gap
            }.squareRoot()
        }
    }
}

/// Gradients beside −∇u.
private struct SlopeComparison {
    private(set) var (cosine, squaredError, mean, largest) = (0.0, 0.0, 0.0, 0.0)

    init(_ gradients: [Double], _ sample: KantorovichSample) {
        let (d, count) = (sample.pair.dimensions, Double(sample.count))
        for start in stride(from: 0, to: gradients.count, by: d) {
            var (along, square, error) = (0.0, 0.0, 0.0)
            for index in start..<start + d {
                let (slope, truth) = (gradients[index], -sample.directions[index])
                along += slope * truth
                square += slope * slope
                error += (slope - truth) * (slope - truth)
            }
            let norm = square.squareRoot()
            // A gradient of zero has no direction.
            cosine += along / (norm + 1e-15) / count
            squaredError += error / count
            mean += norm / count
            largest = max(largest, norm)
        }
    }
}

/// Vectors divided by their lengths, `[count, D]`; zero stays zero.
func unitVectors(_ vectors: [Double], dimensions: Int) -> [Double] {
    stride(from: 0, to: vectors.count, by: dimensions).flatMap { start in
        let vector = vectors[start..<start + dimensions]
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / max(norm, 1e-15) }
    }
}
