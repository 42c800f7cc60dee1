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
    /// - Throws: ``FetchError``.
    init(for target: String, _ file: PublishedFile) throws {
        let url = URL(filePath: target)
        path = "\(url.deletingLastPathComponent().path)/.\(url.lastPathComponent).partial"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
        guard descriptor >= 0 else {
            throw FetchError.unwritable(path: path, reason: systemReason())
        }
        var status = stat()
        // On some file systems there are no locks; a lock that is held is another error.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw FetchError.busy(path: target)
        }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FetchError.unwritable(path: path, reason: "it is not a regular file")
        }
        self.file = file
        self.target = target
        self.descriptor = descriptor
        count = Int(status.st_size)
        if count > file.byteCount { try restart() }
    }

    deinit { close(descriptor) }

    /// Whether there is a file that holds what was published.
    static func isWhole(_ path: String, _ file: PublishedFile) throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int(status.st_size) == file.byteCount
        else { return false }
        return checksum(of: descriptor) == file.sha256
    }

    /// Forgets everything that was fetched.
    ///
    /// - Throws: ``FetchError/unwritable(path:reason:)``.
    func restart() throws {
        guard ftruncate(descriptor, 0) == 0 else {
            throw FetchError.unwritable(path: path, reason: systemReason())
        }
        count = 0
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: ``FetchError/unwritable(path:reason:)``.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = pwrite(descriptor, piece.baseAddress, piece.count, off_t(count))
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                throw FetchError.unwritable(path: path, reason: systemReason())
            }
            count += written
            rest = rest.dropFirst(written)
        }
    }

    /// Whether all bytes are there and are those that were published.
    var isWhole: Bool {
        count == file.byteCount && Self.checksum(of: descriptor) == file.sha256
    }

    /// Waits until the disk holds the file, and gives it its name.
    ///
    /// - Throws: ``FetchError/unwritable(path:reason:)``.
    func commit() throws {
        guard fsync(descriptor) == 0, rename(path, target) == 0 else {
            throw FetchError.unwritable(path: target, reason: systemReason())
        }
    }

    private static func checksum(of descriptor: Int32) -> String? {
        let sum = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let read = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { return nil }
            if read == 0 { return sum.digest() }
            sum.add(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
            offset += read
        }
    }
}
