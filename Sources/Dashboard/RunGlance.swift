import Files
import Foundation
import Runs
import StrictYAML
import WGAN

/// A run in a list.
struct RunGlance: Encodable, Equatable, Sendable {
    /// A setting that differs from the preset's.
    struct Setting: Encodable, Equatable, Sendable {
        let key: String
        let value: String
    }

    /// Its path below the folder that is watched.
    let id: String
    let name: String
    /// The path of the folder that holds it; empty at the top.
    let group: String
    let state: RunStatus.State
    let reason: String
    let step: Int
    let steps: Int?
    let secondsLeft: Double?
    let rate: Double?
    /// A text, since JavaScript knows no integers beyond 2⁵³; nil for a program's training.
    let seed: String?
    let differences: [Setting]
    /// The metric whose values ``spark`` has.
    let measure: String
    let spark: [Double?]
    let value: Double?
    /// Seconds since 1970.
    let begun: Double?
    let changed: Double

    init(_ id: String, _ files: WatchedRun) {
        (self.id, name) = (id, files.folder.url.lastPathComponent)
        group = id.split(separator: "/").dropLast().joined(separator: "/")
        let status = files.status
        (state, reason) = (status.state, status.reason)
        (step, steps, rate) = (status.step, status.steps, status.rate)
        secondsLeft =
            if let steps, let rate, state == .running, rate > 0 {
                (Double(steps) - Double(step)) / rate
            } else { nil }
        seed = files.configuration.map { "\($0.setup.seed)" }
        differences = files.differences.map {
            Setting(key: $0.key, value: $0.value ?? "absent")
        }
        measure = status.course.map { MetricChart.words(for: $0.name) } ?? ""
        spark = (status.course?.series.values ?? []).map { $0.isFinite ? $0 : nil }
        value = spark.last ?? nil
        (begun, changed) = (files.begun, files.changed)
    }

    /// A run whose files cannot be read.
    ///
    /// - Parameter reason: A sentence.
    init(_ id: String, unreadable reason: String) {
        (self.id, name) = (id, String(id.split(separator: "/").last ?? ""))
        group = id.split(separator: "/").dropLast().joined(separator: "/")
        (state, self.reason) = (.unreadable, reason)
        (step, steps, rate, secondsLeft, seed) = (0, nil, nil, nil, nil)
        (differences, measure, spark, value) = ([], "", [], nil)
        (begun, changed) = (nil, 0)
    }
}

/// A run's folder, and what was read of it.
struct WatchedRun: Sendable {
    let folder: RunFolder
    /// Nil for a program's training, and where it cannot be read.
    let configuration: TrainingConfiguration?
    let differences: [ConfigurationDifference]
    private(set) var status: RunStatus
    private(set) var begun: Double?
    /// When a process last wrote to it, in seconds since 1970.
    private(set) var changed: Double
    /// What its files were like when they were read.
    private var marks: Marks

    /// - Throws: An error of one sentence where a file is damaged.
    init(_ folder: RunFolder) throws {
        self.folder = folder
        marks = Marks(folder)
        configuration =
            folder.has(RunFolder.configurationPath) ? try TrainingConfiguration(of: folder) : nil
        differences = configuration?.differencesFromPreset ?? []
        status = try RunStatus(of: folder, configuration)
        begun = try? RunRecord.of(folder)?.beginning
        changed = marks.newest
    }

    /// Reads anew what has changed.
    func updated() throws -> WatchedRun {
        let present = Marks(folder)
        guard present.configuration == marks.configuration else { return try WatchedRun(folder) }
        // Whether a process still runs is written nowhere.
        guard present != marks || status.state == .running else { return self }
        var run = self
        run.status = try RunStatus(of: folder, configuration)
        (run.marks, run.changed) = (present, present.newest)
        run.begun = begun ?? (try? RunRecord.of(folder))?.beginning
        return run
    }

    /// What changes when a process writes to a run.
    struct Marks: Equatable, Sendable {
        let configuration: FileMark?
        let others: [FileMark?]

        init(_ run: RunFolder) {
            configuration = Self.mark(of: RunFolder.configurationPath, run)
            others = [
                MetricStore.path, MetricStore.path + "-wal", RunSummary.path, RunLock.path,
                RunRecord.path, FailureRecord.folder,
            ].map { Self.mark(of: $0, run) }
        }

        var newest: Double {
            (others + [configuration]).compactMap { $0?.time }.max() ?? 0
        }

        /// Whoever reads a database may leave an empty file beside it.
        private static func mark(of path: String, _ run: RunFolder) -> FileMark? {
            guard let url = try? run.url(of: path), let mark = FileMark(ofFileAt: url.path),
                mark.size > 0
            else { return nil }
            return mark
        }
    }
}
