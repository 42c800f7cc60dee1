import Figures
import Foundation
import Runs
import WGAN

/// Keeps `metrics.csv`, and draws the curves at the end.
final class MetricsObserver: TrainingObserver {
    private let interval: Int
    private let last: Int
    private let run: RunFolder
    private var file: MetricsFile

    private static let columns:
        [(name: String, value: any KeyPath<StepReport, Double> & Sendable)] = [
            ("criticLoss", \.criticLoss), ("generatorLoss", \.generatorLoss),
            ("wassersteinEstimate", \.wassersteinEstimate), ("criticOnReal", \.criticOnReal),
            ("criticOnGenerated", \.criticOnGenerated), ("penalty", \.penalty),
        ]

    /// A row after every `interval` steps and after the last one.
    init(every interval: Int, last: Int, in run: RunFolder) throws {
        (self.interval, self.last, self.run) = (interval, last, run)
        file = MetricsFile(try MetricsTable(columns: Self.columns.map(\.name)), in: run)
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % interval == 0 || trainer.step == last else { return }
        let values = Self.columns.map { ($0.name, trainer.report[keyPath: $0.value]) }
        try file.append(
            step: trainer.step, values: Dictionary(uniqueKeysWithValues: values))
    }

    func ended(_ trainer: Trainer) throws {
        try file.write()
        let losses = LineChart(
            "Losses",
            series: try [curve("critic", "criticLoss"), curve("generator", "generatorLoss")],
            xAxis: Axis("step"), yAxis: Axis("loss"))
        try run.write(figure: losses, at: "figures/losses")
        let estimate = LineChart(
            "The critic's estimate of the Wasserstein distance",
            series: [try curve("estimate", "wassersteinEstimate")],
            xAxis: Axis("step"), yAxis: Axis("mean score, real − generated"))
        try run.write(figure: estimate, at: "figures/wasserstein")
        let scores = LineChart(
            "The critic's mean scores",
            series: try [
                curve("real", "criticOnReal"), curve("generated", "criticOnGenerated"),
            ], xAxis: Axis("step"), yAxis: Axis("score"))
        try run.write(figure: scores, at: "figures/scores")
    }

    /// A column over steps, with its running median over a twentieth of the training.
    private func curve(_ name: String, _ column: String) throws -> LineChart.Series {
        let steps = file.table.steps.map(Double.init)
        let window = steps.count / 20 | 1
        return .init(
            name, x: steps, y: try file.table.values(of: column), medianWindow: min(window, 101))
    }
}

extension RunFolder {
    /// Writes a figure as SVG and as PNG.
    func write(figure: any Figure, at path: String) throws {
        try write(figure.svgData, at: path + ".svg")
        try write(try figure.pngData(), at: path + ".png")
    }
}
