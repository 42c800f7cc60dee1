import Foundation

/// Bytes that can be read at any place: a file, or data in memory.
enum ByteSource: Sendable {
    case memory(Data)
    case file(ReadableFile)

    /// The number of bytes.
    var count: Int {
        switch self {
        case .memory(let data): data.count
        case .file(let file): file.count
        }
    }

    /// What errors call the source.
    var path: String? {
        switch self {
        case .memory: nil
        case .file(let file): file.path
        }
    }

    /// Reads exactly `count` bytes, which must lie within the source.
    ///
    /// - Throws: ``FileFailure`` when the file cannot be read or was shortened meanwhile.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        switch self {
        case .memory(let data):
            let start = data.startIndex + offset
            return [UInt8](data[start..<start + count])
        case .file(let file):
            return try file.read(at: offset, count: count)
        }
    }
}

/// A regular file that is open for reading.
///
/// It is read by `pread` rather than mapped: a mapped file that another process shortens kills the
/// reader.
final class ReadableFile: Sendable {
    let path: String
    /// The size in bytes when the file was opened.
    let count: Int
    private let descriptor: Int32

    /// - Throws: ``FileFailure`` when there is no such regular file or it may not be read.
    init(_ url: URL) throws {
        path = url.path
        // Without O_NONBLOCK, opening a pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(.read, path: path, code: errno) }
        var status = stat()
        let code = fstat(descriptor, &status) == 0 ? 0 : errno
        let kind = status.st_mode & S_IFMT
        guard code == 0, kind == S_IFREG else {
            close(descriptor)
            if code != 0 { throw FileFailure(.read, path: path, code: code) }
            let reason: FileFailure.Reason = kind == S_IFDIR ? .isAFolder : .notARegularFile
            throw FileFailure(.read, path: path, reason: reason)
        }
        self.descriptor = descriptor
        self.count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let start = buffer.baseAddress! + filled
                let got = pread(descriptor, start, count - filled, off_t(offset + filled))
                if got < 0 {
                    if errno == EINTR { continue }
                    throw FileFailure(.read, path: path, code: errno)
                }
                if got == 0 { throw FileFailure(.read, path: path, reason: .changedWhileReading) }
                filled += got
            }
        }
    }
}
