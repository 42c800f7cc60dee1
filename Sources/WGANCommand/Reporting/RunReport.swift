import Figures
import Foundation
import Runs
import WGAN

/// One self-contained page about a run, of one that is still being trained too.
struct RunReport {
    /// The page's place in the run folder.
    static let path = "report.html"

    /// The name of the run's folder.
    let name: String
    let configuration: TrainingConfiguration
    /// The configuration as it was resolved.
    let yaml: String
    /// What was measured last.
    let last: [String: MetricPoint]
    /// Each with its title, which a narrow chart has no room for.
    let charts: [(title: String, figure: LineChart)]
    let samples: [ReportSample]
    /// What a finished training came to; nil before.
    let summary: JSONValue?
    /// What `wgan evaluate` found; nil before.
    let evaluation: JSONValue?
    /// The figures of samples beside training images, with what they show.
    let copyFigures: [(caption: String, svg: Data)]
    /// What tells the run's newest weights from others, where they were judged.
    let stamp: WeightsStamp?
    let environment: RunEnvironment?
    /// The checkpoint that the run keeps as its best; nil where there is none.
    let best: BestCheckpoint?
    let record: RunRecord?

    /// Reads all that a run's folder has.
    ///
    /// - Throws: An error of one sentence where a file is damaged; only the configuration must be
    ///   there.
    init(of run: RunFolder) throws {
        name = run.url.lastPathComponent
        configuration = try TrainingConfiguration(of: run)
        yaml = configuration.resolvedYAML
        let history =
            try run.has(MetricStore.path) ? MetricHistory(in: run) : nil
        last = try history?.last() ?? [:]
        charts = try (history?.charts() ?? []).map { chart in
            var figure = chart.figure
            (figure.title, figure.size) = ("", FigureSize(400, 280))
            return (chart.figure.title, figure)
        }
        samples = try ReportSample.chosen(
            of: run, isDrawing: configuration.data.distribution != nil)
        summary = try run.decoded(RunSummary.path)
        evaluation = try run.decoded(Scorecard.path)
        copyFigures =
            evaluation?["memorisation"] == nil
            ? []
            : try Memorisation.figures.compactMap { path, caption in
                try run.has(path) ? (caption, run.read(path)) : nil
            }
        stamp =
            evaluation == nil
            ? nil : try WeightsPlaces(of: run).newestIfAny()?.stamp(for: configuration.setup)
        environment = try run.decoded(RunEnvironment.path)
        best = try? BestCheckpoint(of: run)
        record = try RunRecord.of(run)
    }

    /// Writes the page into the run's folder, whole or not at all.
    func write(in run: RunFolder) throws { try run.write(Data(html.utf8), at: Self.path) }
}
