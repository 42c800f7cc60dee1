import Datasets
import Foundation
import Runs
import WGAN

/// All that a page about a run draws: its curves so far, and where its pictures are.
struct RunDetails: Encodable {
    /// A chart, as ``MetricChart`` says.
    struct Chart: Encodable {
        struct Line: Encodable {
            let label: String
            let metric: String
        }

        let name: String
        let title: String
        let axis: String
        let lines: [Line]
        let smoothed: Bool

        init(_ chart: MetricChart) {
            (name, title, axis) = (chart.name, chart.title, chart.axis)
            lines = chart.lines.map { Line(label: $0.label, metric: $0.metric) }
            smoothed = chart.isSmoothed
        }
    }

    let run: RunGlance
    let words: String
    let tiles: [RunNumbers.Tile]
    let charts: [Chart]
    let curves: [String: CurvePieces]
    let step: Int
    let samples: [RunPicture]
    let isDrawing: Bool
    let hasFrames: Bool
    let hasHistograms: Bool

    init(_ id: String, _ watched: WatchedRun, _ found: MetricCurves) throws {
        let (folder, configuration) = (watched.folder, watched.configuration)
        let state = RunNews.State(
            run: RunGlance(id, watched), numbers: try RunNumbers(of: folder, configuration),
            status: watched.status)
        (run, words, tiles) = (state.run, state.words, state.tiles)
        charts = MetricChart.charts(of: found.curves.keys.sorted()).map(Chart.init)
        step = found.lastStep ?? -1
        curves = found.curves.mapValues { CurvePieces($0.buckets) }
        samples = RunPicture.all(of: folder)
        let distribution = configuration?.data.distribution
        isDrawing = configuration == nil || distribution != nil
        hasFrames = distribution?.dimensions == 2 && folder.has(FrameFolder.path)
        hasHistograms = configuration?.outputs.events?.histogramsEvery != nil
    }
}

/// The points of an animation's frames over real ones.
struct RunFrames: Encodable {
    struct Frame: Encodable {
        let step: Int
        /// x and y of each point in turn.
        let points: [Float]
    }

    /// The least and the greatest x, then y.
    let range: [Double]
    let real: [Float]
    let frames: [Frame]

    /// The most frames, evenly spread, and the most points of each.
    private static let (mostFrames, mostPoints) = (200, 1000)

    /// - Parameter step: Only later frames are given; nil for all, and the real points.
    init(_ watched: WatchedRun, after step: Int?) throws {
        guard let configuration = watched.configuration,
            let distribution = configuration.data.distribution, distribution.dimensions == 2
        else { throw RunGone() }
        let view = PointView(
            distribution, seed: configuration.setup.seed, name: configuration.name)
        range = [-view.limit, view.limit, -view.limit, view.limit]
        real = step == nil ? view.real.flatMap { [Float($0.x), Float($0.y)] } : []
        let folder = FrameFolder(in: watched.folder, note: { _ in })
        let steps = try folder.steps().filter { $0 > step ?? .min }
        let chosen = Set(steps.thinned(to: Self.mostFrames))
        var frames: [Frame] = []
        try folder.forEach(where: chosen.contains) { frame in
            let points = frame.points.prefix(2 * Self.mostPoints)
            frames.append(
                Frame(
                    step: frame.step,
                    points: points.map { $0.isFinite ? ($0 * 1000).rounded() / 1000 : 0 }))
        }
        self.frames = frames
    }
}

/// The histograms of a run's weights.
struct RunHistograms: Encodable {
    struct Entry: Encodable {
        let step: Int
        let edges: [Double]
        let counts: [Double]
    }

    let histograms: [String: [Entry]]

    /// The most of a tensor.
    private static let most = 24

    init(_ watched: WatchedRun) {
        let history = HistogramHistory(of: watched.folder, limit: Self.most)
        histograms = history.entries.mapValues { list in
            list.filter { ($0.edges + $0.counts).allSatisfy(\.isFinite) }.map {
                Entry(step: $0.step, edges: $0.edges, counts: $0.counts)
            }
        }
    }
}
