import ArrayFiles
import Figures
import Files
import Foundation
import Runs

/// The table and the picture of a sweep.
struct SweepReport {
    private let name: String
    private let axes: [SweepAxis]
    private let results: [SweepResult]
    private let rows: [[(name: String, value: Double)]]

    init(name: String, axes: [SweepAxis], results: [SweepResult]) {
        (self.name, self.axes, self.results) = (name, axes, results)
        let all = results.map { $0.values() }
        // A column without a number in any run is none.
        let kept = (all.first ?? []).indices.filter { column in
            all.contains { $0[column].value.isFinite }
        }
        rows = all.map { row in kept.map { row[$0] } }
    }

    private var titles: [String] { axes.map(\.name) + (rows.first ?? []).map(\.name) }

    /// Lines for people: a line for each run, with the values of its last tenth.
    var text: String {
        let cells = zip(results, rows).map { result, row in
            result.point.settings.map(\.value)
                + row.map { $0.value.isFinite ? $0.value.formatted(significantDigits: 5) : "–" }
        }
        return TextTable(.trailing, heading: titles, rows: cells).description
    }

    /// The same as comma-separated text.
    var csv: Data {
        let lines =
            [titles]
            + zip(results, rows).map { result, row in
                result.point.settings.map(\.value)
                    + row.map { $0.value.isFinite ? "\($0.value)" : "" }
            }
        let text = lines.map { $0.map(CSV.quoted).joined(separator: ",") + "\n" }.joined()
        return Data(text.utf8)
    }

    /// One panel for each loss with a curve for each run.
    var figure: Panels {
        let panels = SweepResult.columns.compactMap { metric, title -> LineChart? in
            let curves = results.map { ($0.point.label, $0.series[metric] ?? MetricSeries()) }
            // Without a penalty there is nothing to see.
            guard curves.contains(where: { $0.1.values.contains { $0 != 0 } }) else { return nil }
            return LineChart(
                title,
                series: curves.map { label, series in
                    .init(
                        label, x: series.steps.map(Double.init), y: series.values,
                        medianWindow: min(series.steps.count / 20 | 1, 101))
                }, xAxis: Axis("step"), yAxis: Axis(title))
        }
        let settings = axes.map(\.name).joined(separator: ", ")
        return Panels(panels, columns: 2, title: "\(name) over \(settings)")
    }
}
