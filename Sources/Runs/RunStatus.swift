import Files
import Foundation
package import StrictYAML
import Synchronization
package import WGAN

/// How far a run is and whether a process trains it, from what its folder holds: nothing in it is
/// touched, and no training waits.
package struct RunStatus: Equatable, Sendable {
    /// What becomes of a run.
    package enum State: String, Codable, Sendable {
        /// A process writes to it, or may, on another machine.
        case running
        /// It has its summary.
        case finished
        /// Its process ended before the last step, and said so or left no trace.
        case interrupted
        /// A number became infinite or undefined.
        case failed
        /// A process ended without giving the run back.
        case stale
        /// One of its files is damaged, or cannot be read.
        case unreadable
    }

    package let state: State
    /// Why, in a sentence; empty where there is nothing to say.
    package let reason: String
    /// The last step at which anything was measured.
    package let step: Int
    /// All steps of the training; nil where that depends on its data, or on a program.
    package let steps: Int?
    /// Steps a second lately; nil where none were measured.
    package let rate: Double?
    /// What tells most of how the training goes: the name of a metric, and some of its values.
    package let course: (name: String, series: MetricSeries)?

    /// In the order in which they are looked for.
    private static let courses = [
        "audit/exactW1", "audit/slicedW1", StepLosses.estimateName, StepLosses.differenceName,
        "criticLoss",
    ]
    private static let courseCount = 40

    /// - Parameter configuration: Of the run; nil for a program's training.
    package init(of run: RunFolder, _ configuration: TrainingConfiguration?) throws {
        let history = try MetricHistory.of(run)
        course = try history?.course(of: Self.courses, count: Self.courseCount)
        let clock = try history?.course(of: ["criticLoss"], count: Self.courseCount)?.series
        step = max(clock?.steps.last ?? 0, course?.series.steps.last ?? 0)
        rate = clock.flatMap(Self.rate)
        (state, reason) = try Self.state(of: run, after: step, at: clock?.times.last)
        steps = if case .steps(let steps)? = configuration?.length { steps } else { nil }
    }

    /// - Parameter time: When the last step was measured, in seconds since 1970; nil for never.
    private static func state(
        of run: RunFolder, after step: Int, at time: Double?
    ) throws -> (State, String) {
        switch try RunLock.state(of: run) {
        case .held(let holder): return (.running, "\(holder)")
        case .abandoned(let holder):
            return (.stale, "left behind by \(holder), which has ended; wgan resume goes on")
        case .free: break
        }
        if run.has(RunSummary.path) { return (.finished, "") }
        if let failure = try? FailureRecord(lastOf: run), failure.step >= step,
            try !failure.isPast(in: run, measuredAt: time)
        {
            return (
                .failed,
                "\(failure.quantity) became infinite or undefined in step \(failure.step); "
                    + "wgan replay says which number went bad first"
            )
        }
        return (.interrupted, step == 0 ? "" : "wgan resume goes on from its last checkpoint")
    }

    /// The median over the last quarter of the series: a pause between two of its values, as of a
    /// training that went on the next day, says nothing of its rate.
    private static func rate(_ series: MetricSeries) -> Double? {
        let places = series.steps.indices.dropFirst()
        let rates = places.suffix(max(1, places.count / 4)).compactMap { place -> Double? in
            let seconds = series.times[place] - series.times[place - 1]
            let steps = Double(series.steps[place]) - Double(series.steps[place - 1])
            return seconds > 0 && (steps / seconds).isFinite ? steps / seconds : nil
        }.sorted()
        return rates.isEmpty ? nil : rates[rates.count / 2]
    }

    /// What there is to say of the state, in words; empty where the steps say it.
    package var words: String {
        switch state {
        case .running: "It is being trained."
        case .finished: ""
        case .interrupted, .failed, .stale, .unreadable:
            reason.isEmpty ? "" : "It is \(state.rawValue): \(reason)."
        }
    }

    package static func == (one: RunStatus, other: RunStatus) -> Bool {
        one.state == other.state && one.reason == other.reason && one.step == other.step
            && one.steps == other.steps && one.rate == other.rate
            && one.course?.name == other.course?.name
            && one.course?.series == other.course?.series
    }
}

extension TrainingConfiguration {
    /// The settings in which this training differs from another one.
    package func differences(from other: TrainingConfiguration) -> [ConfigurationDifference] {
        guard let mine = try? ConfigurationChanges.document(resolvedYAML),
            let theirs = try? ConfigurationChanges.document(other.resolvedYAML)
        else { return [] }
        return mine.differences(from: theirs)
    }

    /// The settings in which this training differs from the preset that it has the name of, but
    /// for its seed and where files are; none where there is no such preset.
    package var differencesFromPreset: [ConfigurationDifference] {
        guard let original = Self.original(of: name) else { return [] }
        return differences(from: original).filter { difference in
            difference.key != "seed" && !DataCatalogue.fileSettings.contains(difference.key)
        }
    }

    /// Lists of runs ask for the same few again and again.
    private static let originals = Mutex<[String: TrainingConfiguration]>([:])

    /// A preset as it comes; nil where there is none of this name.
    private static func original(of name: String) -> TrainingConfiguration? {
        originals.withLock { originals in
            if let known = originals[name] { return known }
            guard let preset = Presets.all.first(where: { $0.name == name }),
                let document = try? preset.document()
            else { return nil }
            originals[name] = try? TrainingConfiguration(document)
            return originals[name]
        }
    }
}
