import Foundation

/// The bytes of a regular file as they are on disk.
final class FileBytes: ByteSource {
    let path: String
    /// The length of the file when it was opened, in bytes.
    let size: Int
    private let descriptor: Int32

    var mostBytes: Int { size }

    init(path: String) throws {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.systemError(path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = Self.systemError(path)
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw IDXError(path, .notARegularFile)
        }
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Whether the file begins with gzip's two marker bytes; the position is left at the front.
    func startsLikeGzip() throws -> Bool {
        try withUnsafeTemporaryAllocation(byteCount: 2, alignment: 1) { marker in
            let found = try read(into: marker)
            guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.systemError(path) }
            return found == 2 && marker[0] == 0x1F && marker[1] == 0x8B
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let start = buffer.baseAddress else { return 0 }
        var total = 0
        while total < buffer.count {
            let count = Foundation.read(descriptor, start + total, buffer.count - total)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Self.systemError(path) }
            if count == 0 { break }
            total += count
        }
        return total
    }

    private static func systemError(_ path: String) -> IDXError {
        IDXError(path, .unreadable(reason: String(cString: strerror(errno))))
    }
}
