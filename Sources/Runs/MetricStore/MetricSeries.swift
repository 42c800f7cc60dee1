import ArrayFiles
package import Foundation

/// The values of one metric, by ascending step.
package struct MetricSeries: Equatable, Sendable {
    /// The steps that were measured.
    package var steps: [Int] = []
    /// One value for each step; any double.
    package var values: [Double] = []
    /// When each was measured, in seconds since 1970.
    package var times: [Double] = []

    /// A metric that was never measured.
    package init() {}

    init(steps: [Int], values: [Double], times: [Double]) {
        (self.steps, self.values, self.times) = (steps, values, times)
    }
}

extension [String: MetricSeries] {
    /// The steps at which any of the metrics was measured, ascending.
    package var steps: [Int] {
        // Most often all were measured at the same ones.
        let longest = values.map(\.steps).max { $0.count < $1.count } ?? []
        if values.allSatisfy({ $0.steps == longest }) { return longest }
        return Set(values.flatMap(\.steps)).sorted()
    }

    /// What was measured at the last so many steps at which anything was.
    package func lastSteps(_ count: Int) -> Self {
        guard count > 0, let first = steps.suffix(count).first else { return [:] }
        return mapValues { $0.dropping(before: first) }.filter { !$0.value.steps.isEmpty }
    }
}

extension MetricSeries {
    fileprivate func dropping(before step: Int) -> MetricSeries {
        let start = steps.firstIndex { $0 >= step } ?? steps.endIndex
        return MetricSeries(
            steps: Array(steps[start...]), values: Array(values[start...]),
            times: Array(times[start...]))
    }
}

/// One value of a metric.
package struct MetricPoint: Equatable, Sendable {
    /// The step that was measured.
    package let step: Int
    /// Any double.
    package let value: Double
    /// When it was measured, in seconds since 1970.
    package let time: Double
}

extension [String: MetricPoint] {
    /// The last step of any; nil where there are none.
    package var lastStep: Int? { values.map(\.step).max() }
}

/// The measured values of a run as one table: a row for each step, a column for each metric.
package struct MetricsTable: Sendable {
    /// The names of the metrics, sorted.
    package let metrics: [String]
    /// The steps at which any of them was measured, ascending.
    package let steps: [Int]
    /// A value for each step and, within, for each metric; not-a-number where there is none.
    private var values: [Double]

    /// - Parameter series: Metrics by name.
    package init(_ series: [String: MetricSeries]) {
        metrics = series.keys.sorted()
        steps = series.steps
        values = [Double](repeating: .nan, count: steps.count * metrics.count)
        for (column, name) in metrics.enumerated() {
            guard let series = series[name] else { continue }
            var row = 0
            for (step, value) in zip(series.steps, series.values) {
                while steps[row] < step { row += 1 }
                values[row * metrics.count + column] = value
            }
        }
    }

    /// The values at one of ``steps``, one for each metric.
    package func row(_ index: Int) -> ArraySlice<Double> {
        values[index * metrics.count..<(index + 1) * metrics.count]
    }

    /// The table as comma-separated text, the step first, gaps as empty fields.
    package func csv() throws -> Data {
        // A metric may well be called "step", as the column of steps is.
        let header = ["step"] + metrics.map { $0 == "step" ? "step (metric)" : $0 }
        let rows = steps.indices.lazy.map { [Double(steps[$0])] + row($0) }
        return try CSV.encode(header: header, rows: rows)
    }
}

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

/// The curves of a run at one moment.
package struct MetricCurves: Sendable {
    /// By the name of their metric.
    package internal(set) var curves: [String: MetricCurve] = [:]
    /// The last value of each, by which later readers know whether the training went on from it.
    package internal(set) var last: [String: MetricPoint] = [:]

    /// Those of a run that has measured nothing yet.
    package init() {}

    /// The last step at which anything was measured; nil where nothing was.
    package var lastStep: Int? { last.lastStep }
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

    init(
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
