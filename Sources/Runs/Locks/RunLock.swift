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

/// The file behind a lock: who holds it, in JSON.
enum LockFile {
    /// The most bytes that are read.
    static let largestCount = 1 << 16

    /// Takes the lock.
    ///
    /// - Returns: Who held it and did not give it back.
    static func take(
        _ descriptor: Int32, _ url: URL, _ lock: (Int32) -> Int32
    ) throws -> ProcessIdentity? {
        let code = FileCalls.takeLock(descriptor, by: lock)
        let holder = read(descriptor)
        switch code {
        case 0: return holder
        case EWOULDBLOCK: throw RunLockFailure.held(path: url.path, by: holder)
        case ENOTSUP, ENOSYS, ENOLCK, EINVAL:
            // The file system knows no locks: then what the file says has to do.
            guard let holder else { return nil }
            if holder.isRunning ?? true { throw RunLockFailure.held(path: url.path, by: holder) }
            return holder
        default: throw FileFailure(.write, path: url.path, code: code)
        }
    }

    /// Whether the path still names the open file.
    static func isNamed(_ url: URL, _ descriptor: Int32) -> Bool {
        var (named, opened) = (stat(), stat())
        return stat(url.path, &named) == 0 && fstat(descriptor, &opened) == 0
            && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
    }

    static func write(_ holder: ProcessIdentity, to descriptor: Int32, _ url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(holder) + Data("\n".utf8)
        let code: Int32
        if ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0 {
            code = errno
        } else {
            code = text.withUnsafeBytes { FileCalls().putAll($0, to: descriptor) }
        }
        guard code != 0 else { return }
        throw FileFailure(.write, path: url.path, code: code)
    }

    /// The holder that a file names, or nil when it names none.
    static func holder(in bytes: [UInt8]) -> ProcessIdentity? {
        try? JSONDecoder().decode(ProcessIdentity.self, from: Data(bytes))
    }

    private static func read(_ descriptor: Int32) -> ProcessIdentity? {
        var bytes = [UInt8](repeating: 0, count: largestCount)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? holder(in: Array(bytes.prefix(count))) : nil
    }
}

/// What tells a process from all others, of this machine and of other ones, at any time.
public struct ProcessIdentity: Codable, Equatable, Sendable {
    /// The process's number, which is used again after its end.
    package let number: Int32
    /// When it began, in clock ticks since the machine began; nil where that is not known.
    let start: UInt64?
    /// Which start of the machine it belongs to; nil where that is not known.
    let boot: String?
    /// The machine's name.
    package let host: String
    /// How it was called.
    package let command: String
    /// When it took the lock, in seconds since 1970.
    let time: Double

    /// This process, now.
    static func current() -> ProcessIdentity {
        let process = ProcessInfo.processInfo
        let words = process.arguments.enumerated().map { index, word in
            index == 0 ? (word as NSString).lastPathComponent : word
        }
        return ProcessIdentity(
            number: process.processIdentifier, start: startTime(of: process.processIdentifier),
            boot: bootIdentifier, host: process.hostName,
            command: String(words.joined(separator: " ").prefix(200)),
            time: Date().timeIntervalSince1970)
    }

    /// Whether the process still runs; nil when it ran on another machine.
    var isRunning: Bool? {
        guard host == ProcessInfo.processInfo.hostName else { return nil }
        // After a restart of the machine, and after its end, the number may be another process's.
        if let boot, let present = Self.bootIdentifier, boot != present { return false }
        guard number > 0, kill(number, 0) == 0 || errno == EPERM else { return false }
        guard let start, let present = Self.startTime(of: number) else { return true }
        return start == present
    }

    private static var bootIdentifier: String? {
        let path = "/proc/sys/kernel/random/boot_id"
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// When a process was started, in clock ticks after the system was; nil where nobody says.
    ///
    /// Source: proc_pid_stat(5), field 22.
    package static func startTime(of number: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            // The second field, the name in parentheses, may hold spaces and parentheses itself.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}

extension ProcessIdentity: CustomStringConvertible {
    /// Such as "process 4711 on host, 'wgan train mnist', since 2026-01-31 12:00:00 +0000".
    public var description: String {
        // A date beyond all calendars could come from a damaged file.
        let since = abs(time) < 1e11 ? ", since \(Date(timeIntervalSince1970: time.rounded()))" : ""
        return "process \(number) on \(host.quoted), \(command.quoted)\(since)"
    }
}
