/// The Fréchet distance at several sample sizes, and the size that it tends to.
///
/// The distance of N samples is too large by about c / N. A straight line through the distances
/// over 1 / N, by least squares, meets 1 / N = 0 at the distance without that error: "FID∞".
///
/// Source: Chong and Forsyth 2020, arXiv:1911.07023; the first N rows of both sets are taken, in
/// place of random ones.
public struct FrechetExtrapolation: Sendable, Equatable {
    /// The distance for each sample size, in the order asked for.
    public let distances: [FrechetDistance]
    /// The distance at infinitely many samples; noise can make it negative.
    public let limit: Double
    /// The growth of the distance with 1 / N.
    public let slope: Double

    /// Measures the first rows of two sets at each size.
    ///
    /// - Parameters:
    ///   - first: Features in random order.
    ///   - second: Features in random order.
    ///   - sizes: Two or more different numbers of rows, each 2 or more.
    /// - Throws: ``SampleError``.
    public init(_ first: FeatureMatrix, _ second: FeatureMatrix, sizes: [Int]) throws {
        let smallest = min(first.count, second.count)
        guard Set(sizes).count >= 2, sizes.allSatisfy({ $0 >= 2 && $0 <= smallest }) else {
            throw SampleError.sampleSizes(sizes, smallestSet: smallest)
        }
        distances = try sizes.map { try FrechetDistance(first.prefix($0), second.prefix($0)) }
        let inverses = sizes.map { 1 / Double($0) }
        let values = distances.map(\.value)
        let (meanInverse, meanValue) = (inverses.mean, values.mean)
        let deviations = inverses.map { $0 - meanInverse }
        let products = zip(deviations, values).map { $0 * ($1 - meanValue) }
        slope = products.reduce(0, +) / deviations.reduce(0) { $0 + $1 * $1 }
        limit = meanValue - slope * meanInverse
    }
}
