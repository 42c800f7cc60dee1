import Files
import Foundation
import GRDB

/// Writes the measured values of a run to `metrics.sqlite` while the training goes on.
///
/// ``record(step:_:)`` costs the training about a microsecond: a thread of its own writes.
/// Other processes can read all the while (``MetricHistory``), and see a step's values together or
/// not at all. One writer at a time: hold the run's ``RunLock``.
package final class MetricStore: Sendable {
    /// The file's place in the run folder.
    package static let path = "metrics.sqlite"

    /// What the user should know of how the file is written; nil for the usual way.
    package let remark: String?

    private let path: String
    private let database: DatabaseQueue
    private let writer: BatchWriter<MetricBlock>

    /// Opens the metrics of a run, or begins them.
    ///
    /// - Throws: `FileFailure`; ``MetricStoreFailure`` when the file is none of this program's.
    package convenience init(in run: RunFolder) throws {
        try self.init(at: try run.place(for: Self.path))
    }

    /// - Parameters:
    ///   - url: The file, which is made when it is missing; its folder must exist.
    ///   - limits: How many values may be pending, and for how long.
    init(at url: URL, limits: BatchLimits = defaultLimits) throws {
        let path = url.path
        let (database, sharing) = try MetricSchema.openForWriting(url)
        (self.path, self.database, remark) = (path, database, sharing.remark(on: url.relativePath))
        writer = BatchWriter(to: path, limits) { blocks in
            try MetricSchema.failures(.write, path) {
                try database.write { try MetricBlock.insert(blocks, into: $0) }
            }
        }
    }

    static let defaultLimits = BatchLimits(
        capacity: 1 << 18, batch: 1 << 15, interval: 0.5)

    /// Notes values of a step, in place of earlier ones of the same step and name.
    ///
    /// - Parameters:
    ///   - step: The step that was measured.
    ///   - values: Names with values, infinities among them; not-a-number, which was never
    ///     measured, is left out.
    /// - Throws: What kept an earlier row from being written, `FileFailure` or
    ///   ``MetricStoreFailure``; ``BatchFailure`` when the disk has not kept up for half a minute.
    package func record(step: Int, _ values: [(name: String, value: Double)]) throws {
        try record(MetricBlock(step: step, values))
    }

    /// Notes the values of several steps, in place of earlier ones of the same steps and names.
    ///
    /// - Throws: As for ``record(step:_:)``.
    package func record(_ block: MetricBlock) throws {
        try writer.append(block, weight: block.weight)
    }

    /// Waits until the disk holds all that was recorded; to be called before a checkpoint.
    ///
    /// - Throws: As for ``record(step:_:)``.
    package func flush() throws {
        try writer.flush()
        // A commit to the write-ahead log may be lost with the power; a checkpoint of it may not.
        _ = try MetricSchema.failures(.write, path) {
            try database.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
    }

    /// Drops what was measured after a step, when a run is resumed there.
    ///
    /// - Throws: As for ``record(step:_:)``.
    package func removeAll(after step: Int) throws {
        try writer.flush()
        try MetricSchema.failures(.write, path) {
            try database.write { database in
                // Metric by metric, each is one range of the key.
                try database.execute(
                    sql: """
                        DELETE FROM measurement WHERE metric IN (SELECT id FROM metric) AND step > ?
                        """, arguments: [step])
            }
        }
    }

    /// Drops what was measured of some metrics at one step.
    ///
    /// - Throws: As for ``record(step:_:)``.
    package func remove(_ names: [String], at step: Int) throws {
        try writer.flush()
        try MetricSchema.failures(.write, path) {
            try database.write { database in
                for name in names {
                    try database.execute(
                        sql: """
                            DELETE FROM measurement
                            WHERE metric = (SELECT id FROM metric WHERE name = ?) AND step = ?
                            """, arguments: [name, step])
                }
            }
        }
    }

    /// Waits until everything is written and closes the file, which is then a single one.
    ///
    /// - Throws: As for ``record(step:_:)``.
    package func close() throws {
        try writer.finish()
        try flush()
        // Without a log beside it, the file can be read in a folder that may not be written to.
        // While others read it keeps its log, which is no error.
        try? database.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try MetricSchema.failures(.write, path) { try database.close() }
    }
}
