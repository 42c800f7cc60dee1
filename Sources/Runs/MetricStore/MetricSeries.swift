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
