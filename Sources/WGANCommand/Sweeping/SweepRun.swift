import Foundation
import Runs
import WGAN

/// One training of a sweep, and how far it is.
struct SweepRun {
    /// What is known of the run's folder.
    enum State {
        /// There is none, or an empty one.
        case new
        /// A former sweep was ended in the middle of it.
        case unfinished
        /// It needs no more work.
        case finished
    }

    let point: SweepPoint
    /// What is trained.
    let request: TrainingRequest
    /// Its settings.
    let configuration: TrainingConfiguration
    let folder: URL
    let state: State

    /// Looks at what a former sweep left in `folder`.
    ///
    /// - Throws: ``CommandFailure`` where the folder is that of another training.
    init(
        _ point: SweepPoint, _ request: TrainingRequest, _ configuration: TrainingConfiguration,
        in folder: URL
    ) throws {
        (self.point, self.folder) = (point, folder)
        (self.request, self.configuration) = (request, configuration)
        guard try !RunFolder.isVacant(folder) else {
            state = .new
            return
        }
        let found = try? Data(contentsOf: folder.appending(path: RunFolder.configurationPath))
        guard found == Data(configuration.resolvedYAML.utf8) else {
            throw CommandFailure(
                "\(folder.relativePath) holds another training than this sweep's \(point.label); "
                    + "name another folder by --out, or move it away")
        }
        state =
            FileManager.default.fileExists(
                atPath: folder.appending(path: RunSummary.path).path) ? .finished : .unfinished
    }

    /// What the run's curves and summary say.
    func result() throws -> SweepResult {
        let run = try RunFolder(opening: folder)
        return try SweepResult(
            point: point, series: MetricHistory(in: run).series(of: SweepResult.metrics),
            summary: run.read(RunSummary.path))
    }
}

/// What one run of a sweep came to.
struct SweepResult {
    let point: SweepPoint
    /// The losses over steps, by name.
    let series: [String: MetricSeries]
    /// The metrics that a sweep compares, with their titles.
    static let columns = [
        (StepLosses.estimateName, "Wasserstein estimate"),
        (StepLosses.differenceName, "difference of scores"), ("criticLoss", "critic loss"),
        ("generatorLoss", "generator loss"), ("penalty", "penalty"),
    ]
    static let metrics = Set(columns.map(\.0))
    /// How much of a run its table entry is the mean of, at its end.
    private static let tail = 0.1

    private let summary: Summary

    private struct Summary: Decodable {
        var steps: Int
        var seconds: Double
        var exactW1: Double?
    }

    init(point: SweepPoint, series: [String: MetricSeries], summary: Data) throws {
        (self.point, self.series) = (point, series)
        do {
            self.summary = try JSONDecoder().decode(Summary.self, from: summary)
        } catch {
            throw CommandFailure(
                "\(RunSummary.path) of the run with \(point.label) cannot be understood; "
                    + "remove its folder and sweep again")
        }
    }

    /// The numbers of the table's row, by name; what a run does not have is NaN.
    func values() -> [(name: String, value: Double)] {
        let means = Self.columns.map { ($0.0, mean(of: $0.0)) }
        return [("steps", Double(summary.steps))] + means + [
            ("exactW1", summary.exactW1 ?? .nan), ("seconds", summary.seconds),
        ]
    }

    /// The mean over the last tenth of the run.
    private func mean(of metric: String) -> Double {
        let values = series[metric]?.values ?? []
        let last = values.suffix(max(Int(Double(values.count) * Self.tail), 1))
            .filter(\.isFinite)
        return last.isEmpty ? .nan : last.reduce(0, +) / Double(last.count)
    }
}
