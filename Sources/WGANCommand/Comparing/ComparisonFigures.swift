import Datasets
import Figures
import Foundation
import Runs
import WGAN

/// The pictures of several runs: curves over their trainings and, for points of the plane, an
/// animation of all side by side.
struct ComparisonFigures {
    let runs: [ComparedRun]

    private static let chartSize = FigureSize(400, 320)

    /// Exact distances, where there are any, and the losses of both networks.
    func chart() throws -> Panels {
        let losses = try [("critic", "criticLoss"), ("generator", "generatorLoss")].map {
            network, metric in
            LineChart(
                "Loss of the \(network)",
                series: try runs.map { compared -> LineChart.Series in
                    let series = try compared.history.series(of: [metric])[metric]
                    let steps = series?.steps.map(Double.init) ?? []
                    return .init(
                        compared.label, x: steps, y: series?.values ?? [],
                        medianWindow: min(steps.count / 20 | 1, 101))
                }, xAxis: Axis("step"), yAxis: Axis("loss"), size: Self.chartSize)
        }
        let charts = [try distances()].compactMap { $0 } + losses
        return Panels(charts, columns: charts.count)
    }

    /// The exact distance of each run's frames to real points.
    private func distances() throws -> LineChart? {
        let measured = try runs.map { try FrameDistances($0) }
        guard let floor = measured.compactMap({ $0?.floor }).first else { return nil }
        let series = zip(runs, measured).map { compared, measured in
            LineChart.Series(
                compared.label, x: measured?.steps ?? [], y: measured?.distances ?? [])
        }
        return LineChart(
            "Exact W₁ to real points", series: series, xAxis: Axis("step"), yAxis: Axis("W₁"),
            reference: .init(y: floor, label: "two real samples"), size: Self.chartSize)
    }

    /// The runs' points side by side; nil unless all runs are of the plane and kept their frames.
    ///
    /// - Parameter count: The most frames.
    func animation(frames count: Int) throws -> Data? {
        guard let distribution = runs[0].distribution, distribution.dimensions == 2,
            runs.allSatisfy({ !$0.frames.isEmpty })
        else { return nil }
        let seed = runs[0].run.configuration.setup.seed
        let plots = runs.map { compared in
            var plot = PointView(distribution, seed: seed, name: compared.label)
                .background("\(compared.label), step")
            plot.size = FigureSize(400, 420)
            return plot
        }
        let animation = try ScatterAnimation(sideBySide: plots, moving: .init(opacity: 0.6))
        let steps = Set(runs.flatMap { $0.frames.map(\.step) }).sorted().thinned(to: count)
        for step in steps {
            try animation.append(sideBySide: runs.map { points($0.points(at: step)) }, step: step)
        }
        return try animation.finish()
    }
}
