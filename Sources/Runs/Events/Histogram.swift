import SwiftProtobuf

/// How often values occur between their least and their greatest, in buckets of equal width, as
/// TensorBoard's own `histogram` makes them. Values that are not finite are left out.
struct Histogram: Sendable {
    /// As many as TensorBoard shows.
    static let bucketCount = 30

    private(set) var range = 0.0...0.0
    private(set) var sum = 0.0
    private(set) var sumOfSquares = 0.0
    /// The upper ends of the buckets, ascending, and how many values each has.
    private(set) var buckets: [(limit: Double, count: Int)] = []

    init(of values: [Float]) {
        guard let least = values.lazy.filter(\.isFinite).min(),
            let greatest = values.lazy.filter(\.isFinite).max()
        else { return }
        range = Double(least)...Double(greatest)
        // The span of two floats has room in a double; no width can be zero but that of one value.
        let width = (range.upperBound - range.lowerBound) / Double(Self.bucketCount)
        let bucketCount = width > 0 ? Self.bucketCount : 1
        var counts = [Int](repeating: 0, count: bucketCount)
        for value in values where value.isFinite {
            let place = width > 0 ? (Double(value) - range.lowerBound) / width : 0
            counts[min(Int(place), bucketCount - 1)] += 1
            sum += Double(value)
            sumOfSquares += Double(value) * Double(value)
        }
        buckets = counts.enumerated().map { index, count in
            let isLast = index == bucketCount - 1
            return (isLast ? range.upperBound : range.lowerBound + Double(index + 1) * width, count)
        }
    }

    var message: TensorBoardHistogramProto {
        .with {
            $0.min = range.lowerBound
            $0.max = range.upperBound
            $0.num = Double(buckets.reduce(0) { $0 + $1.count })
            $0.sum = sum
            $0.sumSquares = sumOfSquares
            $0.bucketLimit = buckets.map(\.limit)
            $0.bucket = buckets.map { Double($0.count) }
        }
    }
}
