public import Foundation
import Synchronization

/// Whole files that are either completely written or not at all.
public enum AtomicFile {
    /// Writes a file, replacing an earlier one only when the new one is complete and durable.
    ///
    /// - Parameters:
    ///   - data: The whole content.
    ///   - url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FileFailure``; an earlier file is then intact and nothing is left behind.
    public static func write(_ data: some ContiguousBytes, to url: URL) throws {
        try write(data, to: url, calls: FileCalls())
    }

    package static func write(_ data: some ContiguousBytes, to url: URL, calls: FileCalls) throws {
        let writer = try AtomicFileWriter(to: url, calls: calls)
        try writer.append(data)
        try writer.commit()
    }
}

/// A file that is written piece by piece and appears under its name only when it is complete.
///
/// The pieces go to a temporary file in the same folder; ``commit()`` makes it durable and renames
/// it. Until then, and after any failure, a file that was there before is untouched. A writer that
/// is dropped without a commit removes its temporary file. A symbolic link is followed, and a
/// device or pipe (`/dev/stdout`) is written in place, since a rename would replace it.
public final class AtomicFileWriter {
    private enum State {
        case open(Int32)
        case failed(FileFailure)
        case finished
    }

    private let target: String
    private let temporary: String?
    private let calls: FileCalls
    private var state: State

    /// Starts a file.
    ///
    /// - Parameter url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FileFailure`` when nothing can be created there.
    public convenience init(to url: URL) throws {
        try self.init(to: url, calls: FileCalls())
    }

    /// - Parameter calls: What writes; tests make it fail.
    package init(to url: URL, calls: FileCalls) throws {
        let place = try WritablePlace(path: url.path)
        let temporary = place.isReplaceable ? TemporaryFiles.name(beside: place.path) : nil
        let flags = O_WRONLY | O_CLOEXEC | (temporary == nil ? 0 : O_CREAT | O_EXCL)
        if let temporary { TemporaryFiles.add(temporary) }
        let descriptor = open(temporary ?? place.path, flags, 0o666)
        guard descriptor >= 0 else {
            let code = errno
            if let temporary { TemporaryFiles.forget(temporary) }
            throw FileFailure(.write, path: place.path, code: code)
        }
        // For others to see that the writer lives; where there are no locks, nobody can tell.
        if temporary != nil { _ = FileCalls.takeLock(descriptor) }
        self.target = place.path
        self.temporary = temporary
        self.calls = calls
        self.state = .open(descriptor)
    }

    /// Adds bytes at the end.
    ///
    /// - Parameter bytes: The next piece, of any length.
    /// - Throws: ``FileFailure``; the temporary file is then gone, and every later call throws the
    ///   same error.
    public func append(_ bytes: some ContiguousBytes) throws {
        let descriptor = try openDescriptor()
        let code = bytes.withUnsafeBytes { calls.putAll($0, to: descriptor) }
        if code != 0 { throw fail(code) }
    }

    /// Makes the file durable and gives it its name.
    ///
    /// - Throws: ``FileFailure``; the earlier file is then intact, except when only the last act,
    ///   flushing the folder, failed: the new file is then complete but may not outlive a crash.
    public func commit() throws {
        let descriptor = try openDescriptor()
        let flushed = calls.flushAll(descriptor)
        if flushed != 0 { throw fail(flushed) }
        if let temporary, calls.move(temporary, target) != 0 { throw fail(errno) }
        state = .finished
        // Only now, since the lock goes with it. What the disk refuses, flushing has told.
        close(descriptor)
        guard let temporary else { return }
        TemporaryFiles.forget(temporary)
        let code = Folder.flush(folderOf: target, calls)
        if code != 0 { throw FileFailure(.write, path: target, code: code) }
    }

    /// Gives the file up and removes what was written. Does nothing after a commit or a failure.
    public func abandon() {
        guard case .open(let descriptor) = state else { return }
        close(descriptor)
        removeTemporary()
        state = .finished
    }

    deinit { abandon() }

    private func openDescriptor() throws -> Int32 {
        switch state {
        case .open(let descriptor): return descriptor
        case .failed(let failure): throw failure
        case .finished: preconditionFailure("the writer was already committed or abandoned")
        }
    }

    private func fail(_ code: Int32) -> FileFailure {
        if case .open(let descriptor) = state { close(descriptor) }
        removeTemporary()
        let failure = FileFailure(.write, path: target, code: code)
        state = .failed(failure)
        return failure
    }

    private func removeTemporary() {
        if let temporary { TemporaryFiles.remove(temporary) }
    }
}

/// Where a file is to be written, with symbolic links resolved.
private struct WritablePlace {
    /// The file to replace or create, or the device to write to.
    let path: String
    /// Whether the file can be replaced by a rename; false for devices, pipes and sockets.
    let isReplaceable: Bool

    init(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileFailure(.write, path: path, code: errno) }
            self.path = path
            self.isReplaceable = true
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw FileFailure(.write, path: path, reason: .isAFolder)
        case S_IFREG:
            guard let resolved = realpath(path, nil) else {
                throw FileFailure(.write, path: path, code: errno)
            }
            defer { free(resolved) }
            self.path = String(cString: resolved)
            self.isReplaceable = true
        default:
            self.path = path
            self.isReplaceable = false
        }
    }
}

/// The unfinished files of this process, which its end is to take along.
package enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])
    private static let suffix = ".partial"

    /// Ends the process at once, without unfinished files being left behind.
    ///
    /// - Parameter code: The exit code.
    package static func endProcess(_ code: Int32) -> Never {
        // The lock is kept, so that no other thread begins a file meanwhile.
        paths.withLock { paths in
            for path in paths { unlink(path) }
            _exit(code)
        }
    }

    /// Removes the unfinished files in a folder whose writers are no more.
    ///
    /// A writer locks its file as long as it lives. One that was made this instant and is not yet
    /// locked may go too: its writer then fails to rename it, and says so.
    package static func removeLeftovers(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where isName(name) {
            let leftover = "\(folder)/\(name)"
            let descriptor = open(leftover, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if FileCalls.takeLock(descriptor) == 0 { unlink(leftover) }
            close(descriptor)
        }
    }

    /// An unused name in the folder of a file, hidden.
    static func name(beside path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return (folder as NSString).appendingPathComponent(".\(UUID().uuidString)\(suffix)")
    }

    /// Whether a name is that of an unfinished file.
    package static func isName(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(suffix)
            && UUID(uuidString: String(name.dropFirst().dropLast(suffix.count))) != nil
    }

    /// Announces a file that is about to be made.
    package static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    /// Forgets a file that has got its name.
    static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Removes a file that is given up.
    package static func remove(_ path: String) {
        unlink(path)
        forget(path)
    }
}
