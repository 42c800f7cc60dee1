import Datasets
import Evaluation
import Files
import Foundation
import OptimalTransport
import Runs
import WGAN

/// The measures of several runs beside each other, and which differences are more than chance.
struct RunComparison {
    /// One measure of all runs.
    struct Row {
        let name: String
        /// In the order of the runs.
        let scores: [Score]
        /// The later runs against the first; nil where it cannot be told.
        let tests: [(test: WelchTest, adjusted: Double)?]
    }

    /// What the probabilities are.
    static let method =
        "Welch's t-test over independent sampling seeds, against the first run, two-sided; "
        + "Holm's adjustment over all tests shown. It tells the trained generators apart, not the "
        + "methods that trained them: that takes several training seeds of each"

    let labels: [String]
    /// What tells each run's weights from others.
    let stamps: [WeightsStamp]
    let rows: [Row]

    /// Compares the measures that all runs have.
    ///
    /// - Parameter scores: Those of each run.
    init(labels: [String], stamps: [WeightsStamp], scores: [[Score]]) {
        (self.labels, self.stamps) = (labels, stamps)
        let shared = (scores.first ?? []).compactMap { first -> [Score]? in
            guard first.metric != PointScores.floor else { return nil }
            let found = scores.compactMap { list in
                list.first { $0.metric == first.metric && $0.split == first.split }
            }
            return found.count == scores.count ? found : nil
        }
        let tests = WelchTest.againstFirst(shared.map { $0.map(\.values) })
        rows = zip(shared, tests).map { Row(name: $0[0].name, scores: $0, tests: $1) }
    }

    var json: JSONValue {
        .object([
            "runs": .list(labels.map { .text($0) }), "method": .text(Self.method),
            "measures": .list(rows.map(object)),
            "weights": .list(
                stamps.map { stamp in
                    var members: [String: JSONValue] = ["xxh64": .text(stamp.xxh64)]
                    members["step"] = stamp.step.map { .integer($0) }
                    return .object(members)
                }),
        ])
    }

    private func object(_ row: Row) -> JSONValue {
        let tests = zip(labels.dropFirst(), row.tests).compactMap { label, found -> JSONValue? in
            guard let (test, adjusted) = found else { return nil }
            return .object([
                "run": .text(label), "against": .text(labels[0]),
                "difference": .number(test.difference), "halfWidth95": .number(test.halfWidth95),
                "p": .number(test.pValue), "adjustedP": .number(adjusted),
            ])
        }
        return .object([
            "name": .text(row.name), "scores": .list(row.scores.map(\.json)),
            "tests": .list(tests),
        ])
    }

    /// A table for people.
    var text: String {
        let table = TextTable(
            heading: ["", labels[0]] + labels.dropFirst().flatMap { [$0, "p"] },
            rows: rows.map(fields))
        let weights = zip(labels, stamps).map { "\($0): \($1.shown)" }
        return (table.lines + weights + ["p: \(Self.method)."]).joined(separator: "\n")
    }

    private func fields(_ row: Row) -> [String] {
        let values = row.scores.map { $0.shown(significantDigits: 4) }
        let others = zip(values.dropFirst(), row.tests).flatMap { value, test in
            [value, test?.adjusted.formatted(significantDigits: 2) ?? "–"]
        }
        return [row.name, values[0]] + others
    }
}

/// One of several runs that are held beside each other.
struct ComparedRun {
    /// What the run is called in tables and figures.
    let label: String
    let run: FinishedRun
    /// The losses of its training.
    let history: MetricHistory
    /// The points of its animation's frames, by ascending step; none where it has no animation.
    let frames: [FrameFolder.Frame]

    /// Opens runs, and names them by their folders where these have different names.
    ///
    /// - Throws: An error of one sentence where a folder is no run, or the runs' data differ.
    static func open(
        _ folders: [String], _ weights: WeightsOptions, data: String?, threads: Int?
    ) throws -> [ComparedRun] {
        let names = folders.map {
            URL(fileURLWithPath: $0, isDirectory: true).standardizedFileURL.lastPathComponent
        }
        let labels = Set(names).count == names.count ? names : folders
        guard Set(labels).count == labels.count else {
            throw CommandFailure("a run is named twice; give runs that differ")
        }
        let runs = try zip(folders, labels).map { folder, label in
            try ComparedRun(folder, weights, label: label, data: data, threads: threads)
        }
        for other in runs.dropFirst() where !other.hasData(of: runs[0]) {
            throw CommandFailure(
                "\(other.label) was trained on other data than \(runs[0].label); compare runs on "
                    + "the same data")
        }
        return runs
    }

    private init(
        _ folder: String, _ weights: WeightsOptions, label: String, data: String?, threads: Int?
    ) throws {
        self.label = label
        run = try FinishedRun(folder, weights, data: data, threads: threads)
        let files = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        history = try MetricHistory(in: files)
        var frames: [FrameFolder.Frame] = []
        let kept = FrameFolder(in: files) { note("\(label): \($0)") }
        try kept.forEach(where: { _ in true }, { frames.append($0) })
        self.frames = frames
    }

    /// What the run's points are drawn from; nil for images.
    var distribution: (any PointDistribution)? { run.configuration.data.distribution }

    private func hasData(of other: ComparedRun) -> Bool {
        let (mine, its) = (run.configuration.data, other.run.configuration.data)
        if let sum = run.dataSum, let other = other.run.dataSum, sum != other { return false }
        return mine.sampleShape == its.sampleShape && mine.published == its.published
            && mine.distribution.map { "\($0)" } == its.distribution.map { "\($0)" }
    }

    /// The points of the last frame up to a step.
    func points(at step: Int) -> [Float] { frames.last { $0.step <= step }?.points ?? [] }
}

/// The exact distances of frames to fresh real points.
struct FrameDistances {
    /// The most frames of a run that are measured; each takes some milliseconds.
    private static let largestFrames = 100
    /// The most points on each side.
    private static let largestPoints = 500
    private static let seed: UInt64 = 1 << 40

    let steps: [Double]
    let distances: [Double]
    /// The distance between two samples of as many real points, averaged over several.
    let floor: Double

    /// Solves one assignment problem for each frame, always against the same real points.
    init?(_ compared: ComparedRun) throws {
        guard let distribution = compared.distribution, let first = compared.frames.first else {
            return nil
        }
        let dimensions = distribution.dimensions
        let count = min(first.points.count / dimensions, Self.largestPoints)
        let real = (0...5).map {
            compared.run.points(distribution, count, seed: Self.seed + UInt64($0))
        }
        let frames = compared.frames.thinned(to: Self.largestFrames).filter { frame in
            frame.points.count >= count * dimensions && frame.points.allSatisfy(\.isFinite)
        }
        steps = frames.map { Double($0.step) }
        distances = try frames.map { frame in
            try exactWasserstein1(
                Array(frame.points.prefix(count * dimensions)), real[0], dimensions: dimensions)
        }
        floor =
            try real.dropFirst().reduce(0) {
                $0 + (try exactWasserstein1($1, real[0], dimensions: dimensions))
            } / Double(real.count - 1)
    }
}
