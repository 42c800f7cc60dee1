import Files
import Foundation

/// A file of which a part has been fetched: hidden beside the place where the whole will be.
///
/// It is locked while it is open, so that two processes do not write to it at the same time.
final class PartialFile {
    /// What the whole is.
    let file: PublishedFile
    /// How many bytes are there.
    private(set) var count: Int
    private let target: String
    private let path: String
    private let descriptor: Int32

    /// Opens what an earlier attempt has left, or begins with nothing.
    ///
    /// - Throws: ``FetchError/busy(path:)``; `FileFailure`.
    init(for target: String, _ file: PublishedFile) throws {
        let url = URL(filePath: target)
        path = "\(url.deletingLastPathComponent().path)/.\(url.lastPathComponent).partial"
        let descriptor = try FileCalls.openForUpdate(path, O_NOFOLLOW)
        // On some file systems there are no locks; a lock that is held is another error.
        if FileCalls.takeLock(descriptor) == EWOULDBLOCK {
            close(descriptor)
            throw FetchError.busy(path: target)
        }
        self.file = file
        self.target = target
        self.descriptor = descriptor
        count = Int(lseek(descriptor, 0, SEEK_END))
        if count > file.byteCount { try restart() }
    }

    deinit { close(descriptor) }

    /// Whether there is a file that holds what was published.
    static func isWhole(_ path: String, _ file: PublishedFile) -> Bool {
        guard let found = try? ReadableFile(path), found.count == file.byteCount else {
            return false
        }
        let sum = SHA256()
        do throws(FileFailure) { try found.forEachPiece { sum.add($0) } } catch { return false }
        return sum.digest() == file.sha256
    }

    /// Forgets everything that was fetched.
    ///
    /// - Throws: `FileFailure`.
    func restart() throws {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw FileFailure(.write, path: path, code: errno)
        }
        count = 0
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: `FileFailure`.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        let code = FileCalls().putAll(bytes, to: descriptor)
        guard code == 0 else { throw FileFailure(.write, path: path, code: code) }
        count += bytes.count
    }

    /// Whether all bytes are there and are those that were published.
    var isWhole: Bool { Self.isWhole(path, file) }

    /// Waits until the disk holds the file, and gives it its name.
    ///
    /// - Throws: `FileFailure`.
    func commit() throws {
        let code = FileCalls().flushAll(descriptor)
        guard code == 0, rename(path, target) == 0 else {
            throw FileFailure(.write, path: target, code: code == 0 ? errno : code)
        }
        let flushed = Folder.flush(folderOf: target)
        guard flushed == 0 else { throw FileFailure(.write, path: target, code: flushed) }
    }
}
