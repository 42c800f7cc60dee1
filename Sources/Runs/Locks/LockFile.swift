import Files
import Foundation

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
