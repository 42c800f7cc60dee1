import Files
import Foundation
import GRDB
import GRDBSQLite

/// The tables of `metrics.sqlite`, and how the file is opened.
///
/// A value is a double; not-a-number is stored as NULL, which is how SQLite keeps it, and negative
/// zero as zero.
enum MetricSchema {
    /// Brings a file to the present version. A version is added, never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE metric (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                    CREATE TABLE measurement (
                        metric INTEGER NOT NULL, step INTEGER NOT NULL, value REAL,
                        time REAL NOT NULL, PRIMARY KEY (metric, step)
                    ) WITHOUT ROWID;
                    """)
        }
        return migrator
    }

    /// Opens a file for writing and brings it to the present version.
    ///
    /// - Returns: The database, and how it is shared.
    /// - Throws: `FileFailure`; ``MetricStoreFailure``.
    static func openForWriting(_ url: URL) throws -> (DatabaseQueue, DatabaseSharing) {
        try check(url, .write)
        return try failures(.write, url.path) {
            let sharing = DatabaseSharing.best(in: url.deletingLastPathComponent().path)
            let queue = try sharing.open(url.path, configuration)
            try queue.write { database in
                if try migrator.hasBeenSuperseded(database) {
                    throw MetricStoreFailure.newerVersion(path: url.path)
                }
            }
            try migrator.migrate(queue)
            try queue.read { try checkSchema($0, url.path) }
            return (queue, sharing)
        }
    }

    /// Opens a file for reading, whether another process writes it or not.
    ///
    /// - Returns: The database, and how it is shared.
    /// - Throws: `FileFailure`; ``MetricStoreFailure``.
    static func openForReading(_ url: URL) throws -> (DatabaseQueue, DatabaseSharing) {
        try check(url, .read)
        return try failures(.read, url.path) {
            do {
                return (try openedForReading(url, .log, patience: 0), .log)
            } catch let error as DatabaseError where error.mayLackLocks {
                let sharing = DatabaseSharing.best(in: url.deletingLastPathComponent().path)
                return (try openedForReading(url, sharing, patience: longestWait), sharing)
            }
        }
    }

    private static func openedForReading(
        _ url: URL, _ sharing: DatabaseSharing, patience: TimeInterval
    ) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        // Opening a database reads it already.
        return try sharing.retrying {
            let queue = try sharing.open(url.path, configuration)
            try queue.read { database in
                if try migrator.hasBeenSuperseded(database) {
                    throw MetricStoreFailure.newerVersion(path: url.path)
                }
                try checkSchema(database, url.path)
                sqlite3_busy_timeout(database.sqliteConnection, Int32(1000 * longestWait))
            }
            return queue
        }
    }

    /// The seconds after which another process's lock is an error.
    static let longestWait: TimeInterval = 5

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(longestWait)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            // The file may come from others: no text beyond a megabyte is loaded from it.
            sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, 1 << 20)
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    /// Refuses what is no regular file.
    ///
    /// The file is not opened for that: closing it would end the locks that this process may hold
    /// on it through SQLite.
    private static func check(_ url: URL, _ action: FileFailure.Action) throws {
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            if errno == ENOENT && action == .write { return }
            throw FileFailure(action, path: url.path, code: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw FileFailure(action, path: url.path, reason: .isAFolder)
        default: throw FileFailure(action, path: url.path, reason: .notARegularFile)
        }
    }

    /// Compares the tables with those that the migrations make: a view or a trigger in their place
    /// could run for ever.
    private static func checkSchema(_ database: Database, _ path: String) throws {
        guard try tables(of: database) == expectedTables.get() else {
            throw MetricStoreFailure.otherTables(path: path)
        }
    }

    private static let expectedTables = Result {
        let expected = try DatabaseQueue()
        try migrator.migrate(expected)
        return try expected.read(tables)
    }

    /// The type, the name and the text of each table or other thing of a database.
    private static func tables(of database: Database) throws -> [[String?]] {
        let sql = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name LIMIT 20"
        return try Row.fetchAll(database, sql: sql).map { row in
            (0..<3).map { String.fromDatabaseValue(row[$0]) }
        }
    }
}
