import Figures
import Runs

/// A chart of some of a run's metrics over its steps.
struct MetricChart {
    /// The figure's name in the run folder.
    let name: String
    private let title: String
    private let axis: String
    private let lines: [(label: String, metric: String)]
    private var isSmoothed = true

    /// The charts of a training, in the order in which they are read.
    static let all = [
        MetricChart(
            name: "losses", title: "Losses", axis: "loss",
            lines: [("critic", "criticLoss"), ("generator", "generatorLoss")]),
        MetricChart(
            name: "wasserstein", title: "The critic's estimate of the Wasserstein distance",
            axis: "mean score, real − generated", lines: [("estimate", "wassersteinEstimate")]),
        MetricChart(
            name: "scores", title: "The critic's mean scores, and the generator's loss",
            axis: "score",
            lines: [
                ("critic on real", "criticOnReal"), ("critic on generated", "criticOnGenerated"),
                ("generator's loss", "generatorLoss"),
            ]),
        MetricChart(
            name: "audit", title: "The critic's estimate", axis: "distance",
            lines: [
                ("exact W₁", "audit/exactW1"), ("estimate", "audit/criticEstimate"),
                ("estimate / slope", "audit/scaledEstimate"),
                ("W₁ of two real samples", "audit/floorW1"),
            ], isSmoothed: false),
    ]

    /// The losses of both networks.
    static let losses = all[0]

    /// The names of the metrics shown.
    var metrics: Set<String> { Set(lines.map(\.metric)) }

    /// The chart, or nil where none of its metrics was measured.
    ///
    /// - Parameters:
    ///   - series: Those of ``metrics`` that have values, by name.
    ///   - size: In pixels.
    func figure(
        of series: [String: MetricSeries], size: FigureSize = FigureSize(560, 340)
    ) -> LineChart? {
        guard lines.contains(where: { series[$0.metric] != nil }) else { return nil }
        return LineChart(
            title, series: lines.map { curve($0.label, series[$0.metric] ?? MetricSeries()) },
            xAxis: Axis("step"), yAxis: Axis(axis), size: size)
    }

    /// A metric over steps, with its running median over a twentieth of the training.
    private func curve(_ label: String, _ series: MetricSeries) -> LineChart.Series {
        let window = isSmoothed ? min(series.steps.count / 20 | 1, 101) : 1
        return .init(
            label, x: series.steps.map(Double.init), y: series.values, medianWindow: window)
    }
}

extension MetricHistory {
    /// All charts that the metrics give.
    func charts() throws -> [(name: String, figure: LineChart)] {
        try MetricChart.all.compactMap { chart in
            try chart.figure(of: series(of: chart.metrics)).map { (chart.name, $0) }
        }
    }
}
