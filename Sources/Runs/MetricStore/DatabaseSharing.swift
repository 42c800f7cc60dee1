import Files
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// How processes share a database, which depends on what its file system can do. The first one that
/// works is the best.
enum DatabaseSharing: CaseIterable {
    /// A write-ahead log: others read while a training writes.
    case log
    /// A journal for each transaction: a training waits while others read. For file systems that
    /// know locks but no memory shared by processes.
    case journal
    /// As before, without locks: others may read at a bad moment, and have to read again. For file
    /// systems on which no locks work.
    case lockless

    /// Finds the best one for a folder by making a database there, which is removed at once.
    ///
    /// - Returns: ``log`` where none works: then it is not for a lack of locks.
    static func best(in folder: String) -> DatabaseSharing {
        allCases.first { $0.works(in: folder) } ?? .log
    }

    private func works(in folder: String) -> Bool {
        let path = (folder as NSString).appendingPathComponent(".\(UUID().uuidString).probe")
        let files = ["", "-journal", "-wal", "-shm"].map { path + $0 }
        files.forEach(TemporaryFiles.add)
        defer { files.forEach(TemporaryFiles.remove) }
        do {
            let queue = try open(path, Configuration())
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA synchronous = OFF; CREATE TABLE probe (a)")
            }
            try queue.close()
            return true
        } catch {
            return false
        }
    }

    /// Opens a database, which is made unless it is opened for reading alone.
    func open(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        var configuration = configuration
        if !configuration.readonly {
            switch self {
            case .log: configuration.journalMode = .wal
            case .journal, .lockless: configuration.prepareDatabase(Self.endLog)
            }
        }
        guard self == .lockless else {
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        return try Self.withoutLocks {
            try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// Takes over what a log holds, where the file was written with one. That needs no shared
    /// memory where nobody else can have the file.
    private static func endLog(_ database: Database) throws {
        for setting in [
            "locking_mode = EXCLUSIVE", "journal_mode = DELETE", "locking_mode = NORMAL",
        ] {
            try database.execute(sql: "PRAGMA \(setting)")
        }
    }

    private static let choosing = Mutex(())

    /// SQLite takes locks by what it calls a VFS; the only way to another one that every build of
    /// it has is to make that the usual one for a moment.
    private static func withoutLocks<Result>(_ body: () throws -> Result) throws -> Result {
        try choosing.withLock { _ in
            let usual = sqlite3_vfs_find(nil)
            guard let lockless = sqlite3_vfs_find("unix-none") else {
                throw DatabaseError(resultCode: .SQLITE_BUSY)
            }
            sqlite3_vfs_register(lockless, 1)
            defer { sqlite3_vfs_register(usual, 1) }
            return try body()
        }
    }

    /// Reads again where another process may have been writing, as nothing keeps it from that; as
    /// long as a lock would be waited for.
    func retrying<Result>(_ read: () throws -> Result) throws -> Result {
        let end = ContinuousClock.now + .seconds(MetricSchema.longestWait)
        while self == .lockless, ContinuousClock.now < end {
            do { return try read() } catch is DatabaseError {}
            Thread.sleep(forTimeInterval: 0.05)
        }
        return try read()
    }

    /// What the user should know; nil for the usual way.
    func remark(on path: String) -> String? {
        switch self {
        case .log: nil
        case .journal:
            "the file system lets processes share no memory: \(path) is written without a "
                + "write-ahead log, and the training waits while others read it"
        case .lockless:
            "no locks work on the file system: \(path) is written without them; while the training "
                + "runs, read it by wgan alone"
        }
    }
}

extension DatabaseError {
    /// Whether locks or shared memory that do not work could be the reason.
    var mayLackLocks: Bool {
        switch resultCode {
        case .SQLITE_BUSY, .SQLITE_IOERR, .SQLITE_PROTOCOL, .SQLITE_CANTOPEN, .SQLITE_PERM: true
        default: false
        }
    }
}
