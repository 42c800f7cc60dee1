import Foundation

/// Calls of the system that can be interrupted or end half-way, and what goes on with them.
///
/// Those of writing can be replaced, so that tests can make a disk full or a write short at a
/// chosen moment.
package struct FileCalls: Sendable {
    package var put: @Sendable (Int32, UnsafeRawPointer, Int) -> Int = { write($0, $1, $2) }
    package var flush: @Sendable (Int32) -> Int32 = { fsync($0) }
    package var move: @Sendable (String, String) -> Int32 = { rename($0, $1) }

    /// Writes every byte, going on after short writes and interruptions, and waiting for a pipe or
    /// a terminal that does not wait by itself.
    ///
    /// - Returns: 0, or the `errno` code of the call that failed.
    package func putAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
            let written = put(descriptor, start, rest.count)
            if written < 0 {
                switch errno {
                case EINTR: continue
                case EAGAIN where Self.waitForRoom(descriptor): continue
                default: return errno
                }
            }
            // A write of nothing that reports no error would otherwise be repeated for ever.
            if written == 0 { return ENOSPC }
            rest = rest.dropFirst(written)
        }
        return 0
    }

    package init() {}

    /// Opens a regular file for reading and writing; makes it where there is none.
    ///
    /// Children do not inherit the descriptor, so that a lock on it ends with this process.
    ///
    /// - Parameter flags: Further ones, such as `O_NOFOLLOW`.
    /// - Throws: ``FileFailure`` where it cannot be opened, or is no regular file.
    package static func openForUpdate(
        _ path: String, _ flags: Int32 = 0
    ) throws(FileFailure) -> Int32 {
        // Without O_NONBLOCK, opening a pipe would wait for its reader.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0o666)
        guard descriptor >= 0 else { throw FileFailure(.write, path: path, code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFailure(.write, path: path, reason: .notARegularFile)
        }
        return descriptor
    }

    /// Takes the lock of an open file for this process, at once or not at all.
    ///
    /// - Returns: 0, or the `errno` code: `EWOULDBLOCK` where another process has it, and various
    ///   others on file systems without locks.
    package static func takeLock(_ descriptor: Int32) -> Int32 {
        takeLock(descriptor) { flock($0, LOCK_EX | LOCK_NB) }
    }

    /// - Parameter lock: Takes the lock of a descriptor; 0, or -1 with `errno` set.
    package static func takeLock(_ descriptor: Int32, by lock: (Int32) -> Int32) -> Int32 {
        while true {
            if lock(descriptor) == 0 { return 0 }
            if errno != EINTR { return errno }
        }
    }

    private static func waitForRoom(_ descriptor: Int32) -> Bool {
        var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&place, 1, -1) >= 0 || errno == EINTR
    }

    /// Waits until the disk holds the file or folder.
    ///
    /// - Returns: 0, or the `errno` code; devices, pipes and some network file systems cannot be
    ///   flushed and say so with a code that counts as success.
    package func flushAll(_ descriptor: Int32) -> Int32 {
        while flush(descriptor) != 0 {
            switch errno {
            case EINTR: continue
            case EINVAL, ENOTSUP, ENOSYS: return 0
            default: return errno
            }
        }
        return 0
    }
}
