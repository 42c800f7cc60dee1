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
