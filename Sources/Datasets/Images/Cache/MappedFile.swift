import Foundation

/// A file whose bytes are read like memory; the system fetches them from the disk as needed.
///
/// The file may be replaced or deleted meanwhile, by a rename: what was opened stays. It must not
/// be shortened in place, which nothing here does.
///
/// `@unchecked Sendable`: nobody writes to the bytes, which stay where they are until `deinit`.
final class MappedFile: @unchecked Sendable {
    /// All bytes of the file.
    let bytes: UnsafeBufferPointer<UInt8>

    /// Maps a regular file; nil, with `errno`, where it is not there or cannot be mapped.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            errno = EINVAL
            return nil
        }
        let count = Int(status.st_size)
        guard let memory = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return nil }
        bytes = UnsafeBufferPointer(
            start: memory.assumingMemoryBound(to: UInt8.self), count: count)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
