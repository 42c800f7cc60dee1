import ArrayFiles
package import Foundation

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
