/// One metric of any number of steps in bounded memory: the extremes and the mean of pieces of
/// equally many steps, for plots.
///
/// The pieces grow with the steps: each is 2ᵏ steps long, with the smallest k for which at most
/// ``limit`` pieces have values. So a curve is a function of its values alone, whichever process
/// appended them.
package struct MetricCurve: Equatable, Sendable {
    /// The most pieces.
    package let limit: Int
    /// The pieces that have values, by ascending step.
    package private(set) var buckets: [MetricBucket] = []
    private var doublings = 0

    /// A curve without values.
    ///
    /// - Parameter limit: At least 2.
    package init(limit: Int = 2048) { self.limit = max(limit, 2) }

    /// Adds the value of a step that comes after those before.
    package mutating func append(step: Int, value: Double) {
        add(MetricBucket(step: step, value: value))
        while buckets.count > limit {
            doublings += 1
            let finer = buckets
            buckets.removeAll(keepingCapacity: true)
            for bucket in finer { add(bucket) }
        }
    }

    /// The mean of the finite values of all pieces that reach into the last quarter of the steps;
    /// nil where there are none.
    package var lastQuarterMean: Double? {
        guard let first = buckets.first, let last = buckets.last else { return nil }
        let end = Double(last.steps.upperBound)
        let start = end - (end - Double(first.steps.lowerBound)) / 4
        let pieces = buckets.filter { Double($0.steps.upperBound) >= start && $0.range != nil }
        guard !pieces.isEmpty else { return nil }
        let counts = pieces.map { Double($0.count - $0.nonFiniteCount) }
        return zip(pieces, counts).reduce(0) { $0 + $1.0.mean * $1.1 } / counts.reduce(0, +)
    }

    private mutating func add(_ bucket: MetricBucket) {
        guard let last = buckets.last, piece(of: last) == piece(of: bucket) else {
            buckets.append(bucket)
            return
        }
        buckets[buckets.count - 1] = last.joined(with: bucket)
    }

    /// The number of the piece that a bucket is in; rounded down for steps below zero.
    private func piece(of bucket: MetricBucket) -> Int { bucket.steps.lowerBound >> doublings }
}

/// The values of a metric over some steps, for a plot that has no room for all.
package struct MetricBucket: Equatable, Sendable {
    /// The first and the last step that were measured.
    package let steps: ClosedRange<Int>
    /// How many values there are.
    package let count: Int
    /// How many of them are infinite or not a number.
    package let nonFiniteCount: Int
    /// The least and the greatest of the finite values, or nil when there is none.
    package let range: ClosedRange<Double>?
    private let sum: Double

    /// The mean of the finite values, not-a-number when there is none; infinite where their sum
    /// exceeds a double.
    package var mean: Double { range == nil ? .nan : sum / Double(count - nonFiniteCount) }

    /// One value, any double.
    init(step: Int, value: Double) {
        let isFinite = value.isFinite
        self.init(
            steps: step...step, count: 1, nonFiniteCount: isFinite ? 0 : 1,
            range: isFinite ? value...value : nil, sum: isFinite ? value : 0)
    }

    private init(
        steps: ClosedRange<Int>, count: Int, nonFiniteCount: Int, range: ClosedRange<Double>?,
        sum: Double
    ) {
        (self.steps, self.count, self.nonFiniteCount) = (steps, count, nonFiniteCount)
        (self.range, self.sum) = (range, sum)
    }

    /// Together with the values of later steps.
    fileprivate func joined(with later: MetricBucket) -> MetricBucket {
        let ranges = [range, later.range].compactMap { $0 }
        let ends = ranges.first.map { first in
            ranges.reduce(first) {
                min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
            }
        }
        return MetricBucket(
            steps: steps.lowerBound...later.steps.upperBound, count: count + later.count,
            nonFiniteCount: nonFiniteCount + later.nonFiniteCount, range: ends,
            sum: sum + later.sum)
    }
}
