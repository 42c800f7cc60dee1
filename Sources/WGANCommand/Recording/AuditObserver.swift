import Figures
import Foundation
import Runs
import WGAN

/// Examines the critic every so many steps: `audit.csv`, and a chart of its estimate beside the
/// exact distance.
final class AuditObserver: TrainingObserver {
    private static let path = "audit.csv"
    private static let columns: [(name: String, value: @Sendable (CriticAudit) -> Double)] = [
        ("criticEstimate", { $0.estimate }), ("scaledEstimate", { $0.scaledEstimate }),
        ("exactW1", { $0.exactW1 }), ("floorW1", { $0.floorW1 }), ("slicedW1", { $0.slicedW1 }),
        ("largestPairSlope", { $0.largestPairSlope }),
        ("largestGradient", { $0.gradientNorms.largest }),
        ("medianGradient", { $0.gradientNorms.median }),
        ("smallestGradient", { $0.gradientNorms.smallest }),
        ("spectralProduct", { $0.spectralProduct }),
        ("shareAtBound", { $0.shareAtBound ?? .nan }),
    ]

    private let settings: OutputConfiguration.Audit
    private let last: Int
    private let run: RunFolder
    private var table: MetricsTable

    /// An examination after every so many steps and after the last one.
    init(_ settings: OutputConfiguration.Audit, last: Int, in run: RunFolder) throws {
        (self.settings, self.last, self.run) = (settings, last, run)
        table = try MetricsTable(columns: Self.columns.map(\.name))
    }

    func began(_ trainer: Trainer) throws { try record(trainer) }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % settings.every == 0 || trainer.step == last else { return }
        try record(trainer)
    }

    func ended(_ trainer: Trainer) throws {
        try run.write(try table.csv(), at: Self.path)
        try run.write(figure: try chart("The critic's estimate"), at: "figures/audit")
    }

    private func record(_ trainer: Trainer) throws {
        let audit = try trainer.auditCritic(
            sampleCount: settings.samples, seed: UInt64(trainer.step))
        let values = Self.columns.map { ($0.name, $0.value(audit)) }
        try table.append(step: trainer.step, values: Dictionary(uniqueKeysWithValues: values))
    }

    private func chart(_ title: String) throws -> LineChart {
        let steps = table.steps.map(Double.init)
        let lines = [
            ("exact W₁", "exactW1"), ("estimate", "criticEstimate"),
            ("estimate / slope", "scaledEstimate"), ("W₁ of two real samples", "floorW1"),
        ]
        return LineChart(
            title,
            series: try lines.map {
                .init($0.0, x: steps, y: try table.values(of: $0.1))
            }, xAxis: Axis("step"), yAxis: Axis("distance"))
    }
}
