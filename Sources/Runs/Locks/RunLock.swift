import Files
import Foundation

/// The right to write to a run's folder, which one process has at a time.
///
/// The operating system takes it back when the process ends, however it ends (`flock`). The file
/// `run.lock` names its holder for people; it stays behind, empty, when the lock is given back.
package final class RunLock: Sendable {
    /// The file's place in the run folder.
    package static let path = "run.lock"

    /// A process that held the lock before and ended without giving it back.
    package let formerHolder: ProcessIdentity?

    /// What the user should know of that process; nil where there is none.
    var note: String? {
        formerHolder.map { "the run was left behind by \($0), which has ended" }
    }

    private let descriptor: Int32

    /// Takes the lock at once or not at all.
    ///
    /// - Throws: ``RunLockFailure/held(path:by:)`` when another process, or this one, has it;
    ///   `FileFailure` when the folder cannot be written to.
    package convenience init(of run: RunFolder) throws {
        try self.init(at: try run.url(of: Self.path), lock: { flock($0, LOCK_EX | LOCK_NB) })
    }

    /// - Parameter lock: Takes the lock of a descriptor; 0, or -1 with `errno` set.
    init(at url: URL, lock: (Int32) -> Int32) throws {
        (descriptor, formerHolder) = try Self.take(url, lock)
        try LockFile.write(.current(), to: descriptor, url)
    }

    private static func take(
        _ url: URL, _ lock: (Int32) -> Int32
    ) throws -> (descriptor: Int32, formerHolder: ProcessIdentity?) {
        while true {
            let descriptor = try FileCalls.openForUpdate(url.path)
            do {
                let formerHolder = try LockFile.take(descriptor, url, lock)
                // Someone may have removed the file meanwhile: then this is the lock of nothing.
                if LockFile.isNamed(url, descriptor) { return (descriptor, formerHolder) }
            } catch {
                close(descriptor)
                throw error
            }
            close(descriptor)
        }
    }

    deinit {
        // Whoever opens the file next is to find no holder.
        ftruncate(descriptor, 0)
        close(descriptor)
    }
}

extension RunLock {
    /// Who writes to a run.
    package enum State: Equatable, Sendable {
        /// Nobody.
        case free
        /// A process that still runs, or of another machine, of which that cannot be told.
        case held(ProcessIdentity)
        /// Nobody; a process ended without giving the lock back.
        case abandoned(ProcessIdentity)
    }

    /// Who writes to a run, for displays: without touching the lock.
    ///
    /// - Throws: `FileFailure` when the file cannot be read.
    package static func state(of run: RunFolder) throws -> State {
        let url = try run.url(of: path)
        guard FileManager.default.fileExists(atPath: url.path) else { return .free }
        let file = try ReadableFile(url)
        guard file.count <= LockFile.largestCount,
            let holder = LockFile.holder(in: try file.bytes())
        else { return .free }
        return holder.isRunning ?? true ? .held(holder) : .abandoned(holder)
    }
}

/// A run's folder that another process writes to.
public enum RunLockFailure: Error, Equatable, Sendable {
    /// A process has the lock; nil when the file does not name it.
    case held(path: String, by: ProcessIdentity?)
}

extension RunLockFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .held(let path, let holder):
            let folder = (path as NSString).deletingLastPathComponent
            let remedy =
                holder?.isRunning == nil
                ? "wait until it ends, or remove \(path.quoted) if it has"
                : "wait until it ends, or end it"
            return "The run \(folder.quoted) is being written by "
                + "\(holder.map(\.description) ?? "another process"); \(remedy)."
        }
    }
}
