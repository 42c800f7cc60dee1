import Files
import Foundation
import GRDB

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
