import Foundation
import Runs

/// What a run writes down as it goes: numbers to `metrics.sqlite`, and all that TensorBoard shows to
/// its event files.
///
/// Threads of their own write, so that training does not wait for the disk.
final class RunJournal {
    /// The step that a resumed run goes on from; nil in one that begins.
    let resumedStep: Int?
    private let run: RunFolder
    private let metrics: MetricStore
    private let events: EventWriter?

    /// Opens the journal of a run, or begins it.
    ///
    /// - Parameters:
    ///   - hasEvents: Whether TensorBoard's files are written too.
    ///   - step: In a run that is resumed, the step it goes on from: what was written down of later
    ///     ones is dropped.
    init(in run: RunFolder, hasEvents: Bool, resumingAfter step: Int? = nil) throws {
        (self.run, resumedStep) = (run, step)
        metrics = try MetricStore(in: run)
        if let step { try metrics.removeAll(after: step) }
        events = hasEvents ? try EventWriter(in: run, resumingAfter: step) : nil
    }

    /// Notes numbers that were measured at a step; not-a-number, which was never measured, is left
    /// out.
    func note(step: Int, _ values: [(name: String, value: Double)]) throws {
        let measured = values.filter { !$0.value.isNaN }
        guard !measured.isEmpty else { return }
        try metrics.record(step: step, measured)
        try events?.scalars(step: step, measured)
    }

    /// Drops what a run noted at the step that it now goes on from only because it ended there.
    ///
    /// - Parameter interval: Steps from one note of these metrics to the next.
    func dropEnd(of names: [String], notedEvery interval: Int) throws {
        guard let resumedStep, resumedStep % interval != 0 else { return }
        try metrics.remove(names, at: resumedStep)
    }

    /// Keeps a picture of samples at a step: `samples/step-000100.png`.
    func keep(samples png: Data, step: Int) throws {
        try run.write(png, at: "samples/step-\(padded(step)).png")
        try events?.image(step: step, "samples", png: png)
    }

    /// Notes how numbers are distributed, for TensorBoard alone.
    func histogram(step: Int, _ name: String, of values: [Float]) throws {
        try events?.histogram(step: step, name, of: values)
    }

    /// All numbers so far.
    func history() throws -> MetricHistory {
        try metrics.flush()
        return try MetricHistory(in: run)
    }

    /// Waits until the disk holds all so far; to be called before a checkpoint is written.
    func flush() throws {
        try metrics.flush()
        try events?.flush()
    }

    /// Waits until the disk holds everything, and takes no more.
    func close() throws {
        try metrics.close()
        try events?.close()
    }
}
