public import Philox

/// The Fréchet distance at several sample sizes, and the size that it tends to.
///
/// The distance of N samples is too large by about c / N. A straight line through the distances
/// over 1 / N, by least squares, meets 1 / N = 0 at the distance without that error: "FID∞".
///
/// Source: Chong and Forsyth 2020, arXiv:1911.07023.
public struct FrechetExtrapolation: Sendable, Equatable {
    /// The distance for each sample size, in the order asked for.
    public let distances: [FrechetDistance]
    /// The sample sizes, in that order.
    public let sizes: [Int]
    /// The distance at infinitely many samples; noise can make it negative.
    public let limit: Double
    /// The growth of the distance with 1 / N.
    public let slope: Double
    /// The standard error of ``limit`` by the distances' scatter about the line, as ordinary least
    /// squares have it; nil for two sizes, which no line misses.
    ///
    /// All sizes are drawn from one set, so it says how well the line fits and little of what
    /// another set of samples would give.
    public let standardError: Double?

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "fid-infinity", title: "Fréchet distance of infinitely many samples",
        input: .features, better: .lower, range: -Double.infinity...Double.infinity,
        summary: "FID at several numbers of samples of A, extrapolated to infinitely many",
        source: "Chong and Forsyth 2020")

    /// Measures random rows of the generated set beside the whole real one, as the paper does: what
    /// the real set's size adds stays in the limit.
    ///
    /// - Parameters:
    ///   - generated: Features of the set whose size is extrapolated.
    ///   - real: Features of the set that stays whole; 2 or more.
    ///   - sizes: Two or more different numbers of rows, each from 2 to all; see
    ///     ``evenSizes(from:to:count:)``.
    ///   - random: Where the rows come from, drawn without replacement, anew for each size.
    ///   - memory: What it may take.
    /// - Throws: ``SampleError``.
    public init(
        _ generated: FeatureMatrix, beside real: FeatureMatrix, sizes: [Int],
        using random: inout RandomStream, memory: WorkingMemory = .available
    ) throws {
        try FeatureMatrix.requireEqualDimensions(generated, real)
        try Self.require(sizes, smallest: generated.count)
        guard real.count >= 2 else { throw SampleError.tooFewRows(found: real.count, needed: 2) }
        let isWide = min(sizes.min() ?? 0, real.count) <= real.dimensions
        let whole = isWide ? nil : try GaussianStatistics(real, memory: memory)
        var chooser = SubsetChooser(generated.count)
        try self.init(sizes) { size in
            let part = generated.selecting(chooser.next(size, using: &random))
            guard let whole else { return try FrechetDistance(part, real, memory: memory) }
            return try FrechetDistance(GaussianStatistics(part, memory: memory), whole)
        }
    }

    /// Measures the first rows of two sets at each size.
    ///
    /// - Parameters:
    ///   - first: Features in random order.
    ///   - second: Features in random order.
    ///   - sizes: Two or more different numbers of rows, each 2 or more.
    /// - Throws: ``SampleError``.
    public init(_ first: FeatureMatrix, _ second: FeatureMatrix, sizes: [Int]) throws {
        try Self.require(sizes, smallest: min(first.count, second.count))
        try self.init(sizes) { try FrechetDistance(first.prefix($0), second.prefix($0)) }
    }

    private static func require(_ sizes: [Int], smallest: Int) throws {
        guard Set(sizes).count >= 2, sizes.allSatisfy({ $0 >= 2 && $0 <= smallest }) else {
            throw SampleError.sampleSizes(sizes, smallestSet: smallest)
        }
    }

    private init(_ sizes: [Int], _ distance: (Int) throws -> FrechetDistance) throws {
        self.sizes = sizes
        distances = try sizes.map(distance)
        let inverses = sizes.map { 1 / Double($0) }
        let values = distances.map(\.value)
        let (meanInverse, meanValue) = (inverses.mean, values.mean)
        let deviations = inverses.map { $0 - meanInverse }
        let spread = deviations.reduce(0) { $0 + $1 * $1 }
        let products = zip(deviations, values).map { $0 * ($1 - meanValue) }
        let slope = products.reduce(0, +) / spread
        let limit = meanValue - slope * meanInverse
        (self.slope, self.limit) = (slope, limit)
        let count = Double(sizes.count)
        let misses = zip(inverses, values).map { $1 - limit - slope * $0 }
        let variance = misses.reduce(0) { $0 + $1 * $1 } / max(count - 2, 1)
        standardError =
            count > 2
            ? (variance * (1 / count + meanInverse * meanInverse / spread)).squareRoot() : nil
    }

    /// Sizes at equal distances, as the paper takes 15 from 5000 to 50 000; equal ones once.
    ///
    /// - Parameters:
    ///   - smallest: 2 or more.
    ///   - largest: `smallest` or more.
    ///   - count: 2 or more.
    public static func evenSizes(from smallest: Int, to largest: Int, count: Int) -> [Int] {
        precondition(smallest <= largest && count >= 2, "sizes grow in one step or more")
        var sizes: [Int] = []
        for place in 0..<count {
            let share = Double(place) / Double(count - 1)
            let size = smallest + Int(share * Double(largest - smallest))
            if sizes.last != size { sizes.append(size) }
        }
        return sizes
    }
}
