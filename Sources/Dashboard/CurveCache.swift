import Runs
import Synchronization

/// The curves of runs that were looked at, of which only what is new is read again.
final class CurveCache: Sendable {
    private struct Known {
        let folder: RunFolder
        let curves: MetricCurves
        let use: Int
    }

    private struct State {
        var known: [String: Known] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    /// A run's curves take a megabyte or two.
    private static let most = 64

    /// All curves of a run so far. Blocks while its metrics are read.
    ///
    /// - Throws: As ``MetricHistory``.
    func curves(of id: String, _ run: RunFolder) throws -> MetricCurves {
        let former = state.withLock { $0.known[id].flatMap { $0.folder == run ? $0.curves : nil } }
        guard let history = try MetricHistory.of(run) else { return MetricCurves() }
        let curves = try history.curves(after: former)
        state.withLock { state in
            state.uses += 1
            state.known[id] = Known(folder: run, curves: curves, use: state.uses)
            if state.known.count > Self.most,
                let oldest = state.known.min(by: { $0.value.use < $1.value.use })
            {
                state.known[oldest.key] = nil
            }
        }
        return curves
    }
}
