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

/// A file of metrics that cannot be used.
package enum MetricStoreFailure: Error, Equatable, Sendable {
    /// The file is no database, or a damaged one.
    case damaged(path: String)
    /// The file is a database with other tables.
    case otherTables(path: String)
    /// The file was written by a later version of this program.
    case newerVersion(path: String)
    /// A process was killed while it wrote, and the file has to be put in order by a writer.
    case unfinished(path: String)
    /// Another process has kept the file locked for seconds.
    case locked(path: String)
    /// A read was given up: the file has too many rows, or is damaged so that it seems to.
    case tooLarge(path: String)
    /// Any other error, in SQLite's words.
    case other(path: String, message: String)
}

extension MetricStoreFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .damaged(let path):
            "The metrics \(path.quoted) are damaged or no SQLite database; "
                + "restore the file, or remove it to begin a new one."
        case .otherTables(let path):
            "The database \(path.quoted) does not have the tables of a run's metrics; "
                + "give the metrics.sqlite of a run."
        case .newerVersion(let path):
            "The metrics \(path.quoted) were written by a newer version of this program; "
                + "update it to use them."
        case .unfinished(let path):
            "The metrics \(path.quoted) were being written when a process ended; "
                + "go on with the run by wgan resume, which puts them in order."
        case .locked(let path):
            "The metrics \(path.quoted) are locked by another program; end it and try again."
        case .tooLarge(let path):
            "Reading the metrics \(path.quoted) was given up, since they are too many or damaged; "
                + "ask for fewer rows, or restore the file."
        case .other(let path, let message):
            "Cannot use the metrics \(path.quoted): \(message.quoted); "
                + "check the file and its folder, then try again."
        }
    }
}

extension MetricSchema {
    /// Runs `body` with SQLite's errors turned into typed ones.
    static func failures<Result>(
        _ action: FileFailure.Action, _ path: String, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw failure(error, action, path)
        }
    }

    private static func failure(
        _ error: DatabaseError, _ action: FileFailure.Action, _ path: String
    ) -> any Error {
        switch error.resultCode {
        case .SQLITE_FULL: FileFailure(action, path: path, reason: .diskFull)
        case .SQLITE_READONLY where action == .read: MetricStoreFailure.unfinished(path: path)
        case .SQLITE_READONLY: FileFailure(action, path: path, reason: .readOnly)
        case .SQLITE_IOERR where isAtSizeLimit(path):
            FileFailure(action, path: path, reason: .fileTooLarge)
        case .SQLITE_IOERR: FileFailure(action, path: path, code: EIO)
        case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
            FileFailure(
                action, path: path, reason: hasFolder(path) ? .permissionDenied : .notFound)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_TOOBIG, .SQLITE_SCHEMA, .SQLITE_FORMAT:
            MetricStoreFailure.damaged(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: MetricStoreFailure.locked(path: path)
        case .SQLITE_INTERRUPT: MetricStoreFailure.tooLarge(path: path)
        default: MetricStoreFailure.other(path: path, message: error.message ?? "\(error)")
        }
    }

    /// Whether the file or one beside it is as large as this process may make files, but for less
    /// than SQLite adds at a time.
    private static func isAtSizeLimit(_ path: String) -> Bool {
        var (limit, status) = (rlimit(), stat())
        guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else {
            return false
        }
        return ["", "-journal", "-wal", "-shm"].contains { suffix in
            stat(path + suffix, &status) == 0 && UInt64(status.st_size) + 65_536 > limit.rlim_cur
        }
    }

    private static func hasFolder(_ path: String) -> Bool {
        Folder.isFolder((path as NSString).deletingLastPathComponent)
    }
}
