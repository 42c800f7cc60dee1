import Foundation

/// What a run writes down as it goes: numbers to `metrics.sqlite`, and all that TensorBoard shows
/// to its event files.
///
/// Threads of their own write, so that training does not wait for the disk.
final class RunJournal {
    /// The folder of the pictures of samples, in the run folder.
    static let samples = "samples"

    /// The step that a resumed run goes on from; nil in one that begins.
    let resumedStep: Int?
    private let run: RunFolder
    private let metrics: MetricStore
    private let events: EventWriter?
    /// What was noted and not handed on yet.
    private var pending = MetricBlock(of: [])
    private var handedOn = 0.0
    /// The curves of the metrics that are followed.
    private var followed: [String: MetricCurve] = [:]

    /// The most steps that wait, and the longest time in seconds that they do.
    private static let (mostPending, longestWait) = (512, 0.1)

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

    /// What the user should know of how the metrics are written; nil for the usual way.
    var remark: String? { metrics.remark }

    /// Notes numbers that were measured at a step; not-a-number, which was never measured, is left
    /// out.
    func note(step: Int, _ values: [(name: String, value: Double)]) throws {
        let measured = values.filter { !$0.value.isNaN }
        guard !measured.isEmpty else { return }
        try metrics.record(step: step, measured)
        try events?.scalars(step: step, measured)
    }

    /// Notes the same metrics at step after step, which takes a training next to no time.
    ///
    /// - Parameters:
    ///   - names: The metrics.
    ///   - row: A value for each; not-a-number, which was never measured, is left out.
    func note(step: Int, _ names: [String], _ row: [Double]) throws {
        if pending.names != names {
            try handOn()
            pending = MetricBlock(of: names)
        }
        let now = Date().timeIntervalSince1970
        pending.append(step: step, time: now, row)
        // Clocks may go backwards.
        guard
            pending.steps.count >= Self.mostPending || abs(now - handedOn) > Self.longestWait
        else { return }
        handedOn = now
        try handOn()
    }

    private func handOn() throws {
        guard !pending.steps.isEmpty else { return }
        let block = pending
        pending = MetricBlock(of: block.names)
        for (name, var curve) in followed {
            for point in block.points(of: name) {
                curve.append(step: point.step, value: point.value)
            }
            followed[name] = curve
        }
        try metrics.record(block)
        try events?.scalars(block)
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
        try run.write(png, at: Self.samples + "/step-\(padded(step)).png")
        try events?.image(step: step, "samples", png: png)
    }

    /// Notes how numbers are distributed, for TensorBoard alone.
    func histogram(step: Int, _ name: String, of values: [Float]) throws {
        try events?.histogram(step: step, name, of: values)
    }

    /// Keeps the curves of metrics that are noted at step after step, from what is noted already.
    func follow(_ metrics: Set<String>) throws {
        let known = try history().curves(of: metrics)
        for name in metrics { followed[name] = known[name] ?? MetricCurve() }
    }

    /// The curves of the metrics that are followed, up to now.
    func curves() throws -> [String: MetricCurve] {
        try handOn()
        return followed
    }

    /// All numbers so far.
    func history() throws -> MetricHistory {
        try handOn()
        try metrics.flush()
        return try MetricHistory(in: run)
    }

    /// Waits until the disk holds all so far; to be called before a checkpoint is written.
    func flush() throws {
        try handOn()
        try metrics.flush()
        try events?.flush()
    }

    /// Waits until the disk holds everything, and takes no more.
    func close() throws {
        try handOn()
        try metrics.close()
        try events?.close()
    }
}
