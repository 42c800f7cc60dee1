/// Keeps `metrics.csv` of a run up to date: the whole table, replaced now and then.
package struct MetricsFile: Sendable {
    /// The file's place in the run folder.
    package static let path = "metrics.csv"

    /// All rows so far.
    package private(set) var table: MetricsTable

    private let run: RunFolder
    private let interval: Duration
    private let now: @Sendable () -> Duration
    private var lastWrite: Duration
    private var isDirty = false

    /// - Parameters:
    ///   - table: The rows to start from.
    ///   - run: Where the file is kept.
    ///   - interval: The least time between two writes.
    ///   - now: The time since any fixed moment.
    package init(
        _ table: MetricsTable, in run: RunFolder, every interval: Duration = .seconds(10),
        now: @escaping @Sendable () -> Duration = Stopwatch().read
    ) {
        self.table = table
        self.run = run
        self.interval = interval
        self.now = now
        lastWrite = now()
    }

    /// Adds a row, and writes the file when it is time.
    ///
    /// - Throws: ``TableFailure`` as ``MetricsTable/append(step:values:)`` does; ``FileFailure``,
    ///   with the row kept.
    package mutating func append(step: Int, values: [String: Double]) throws {
        try table.append(step: step, values: values)
        isDirty = true
        if now() - lastWrite >= interval { try write() }
    }

    /// Writes the rows that the file does not have yet. To be called at the end.
    ///
    /// - Throws: ``FileFailure``.
    package mutating func write() throws {
        guard isDirty else { return }
        lastWrite = now()
        try run.write(try table.csv(), at: Self.path)
        isDirty = false
    }
}
