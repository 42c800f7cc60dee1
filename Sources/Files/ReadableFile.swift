package import Foundation

/// A regular file that is open for reading.
///
/// Whoever reads a file that others made reads it by this: pipes and folders are refused, calls
/// that were interrupted go on, and a file that became shorter meanwhile is an error.
package final class ReadableFile: Sendable {
    /// What errors call the file.
    package let path: String
    /// The size in bytes when the file was opened.
    package let count: Int
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Throws: ``FileFailure`` when there is no such regular file or it may not be read.
    package convenience init(_ path: String) throws(FileFailure) {
        try self.init(systemPath: path.utf8CString.map { $0 }, path: path)
    }

    /// Opens a file.
    ///
    /// - Throws: As ``init(_:)``.
    package convenience init(_ url: URL) throws(FileFailure) { try self.init(url.path) }

    /// Opens a file whose name need not be text.
    ///
    /// - Parameters:
    ///   - systemPath: The path's bytes, with a zero at the end.
    ///   - path: What errors call the file.
    /// - Throws: As ``init(_:)``.
    package convenience init(systemPath: [CChar], path: String) throws(FileFailure) {
        try self.init(open(systemPath, Self.mode), path: path)
    }

    /// Opens a file of a folder, where neither is a link, which may lead anywhere.
    ///
    /// - Parameter name: No path; it may not be that of a folder.
    /// - Throws: As ``init(_:)``.
    package convenience init(
        _ name: String, itselfIn folder: String
    ) throws(FileFailure) {
        let path = folder + "/" + name
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard parent >= 0 else { throw FileFailure(.read, path: folder, code: errno) }
        defer { close(parent) }
        guard !name.contains("/") else { throw FileFailure(.read, path: path, code: ENOENT) }
        try self.init(openat(parent, name, Self.mode | O_NOFOLLOW), path: path)
    }

    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    private static let mode = O_RDONLY | O_NONBLOCK | O_CLOEXEC

    /// - Parameter descriptor: Of the open file; negative, with `errno` set, where there is none.
    private init(_ descriptor: Int32, path: String) throws(FileFailure) {
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
        (self.path, self.descriptor, self.count) = (path, descriptor, Int(status.st_size))
    }

    deinit { close(descriptor) }

    /// What the system says of the file now.
    package func status() throws(FileFailure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        return status
    }

    /// What the file is like now.
    package func mark() throws(FileFailure) -> FileMark { FileMark(try status()) }

    /// Reads exactly `count` bytes.
    ///
    /// - Throws: ``FileFailure`` when the file cannot be read or ends before.
    package func read(at offset: Int, count: Int) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileFailure) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
        guard bytes.count == count else {
            throw FileFailure(.read, path: path, reason: .changedWhileReading)
        }
        return bytes
    }

    /// Fills a buffer with the bytes from a place on.
    ///
    /// - Returns: How many there are: fewer than the buffer holds only at the end of the file.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(FileFailure) -> Int {
        guard let start = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let rest = buffer.count - filled
            let found = pread(descriptor, start + filled, rest, off_t(offset + filled))
            if found < 0 && errno == EINTR { continue }
            guard found >= 0 else { throw failure(errno) }
            if found == 0 { break }
            filled += found
        }
        return filled
    }

    /// All bytes of the file as it was when it was opened.
    ///
    /// - Throws: As ``read(at:count:)``.
    package func bytes() throws(FileFailure) -> [UInt8] { try read(at: 0, count: count) }

    /// Passes on the bytes until the end in pieces, in memory that does not depend on their number.
    package func forEachPiece(
        of size: Int = 1 << 18, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(FileFailure) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { piece.deallocate() }
        var offset = 0
        while true {
            let found = try read(into: piece, at: offset)
            body(UnsafeRawBufferPointer(rebasing: piece[..<found]))
            if found < size { return }
            offset += found
        }
    }

    /// The bytes as memory, which the system fetches from the disk as needed.
    ///
    /// The file may be replaced or removed meanwhile: what was opened stays. One that another
    /// process may shorten in place must be read instead, since its mapping would end this process.
    ///
    /// - Throws: ``FileFailure`` where it cannot be mapped, as one without bytes.
    package func mapped() throws(FileFailure) -> MappedFile {
        guard count > 0 else { throw failure(EINVAL) }
        let memory = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let memory, memory != MAP_FAILED else { throw failure(errno) }
        return MappedFile(memory, count: count)
    }

    private func failure(_ code: Int32) -> FileFailure {
        FileFailure(.read, path: path, code: code)
    }
}

/// A file whose bytes are read like memory.
///
/// `@unchecked Sendable`: nobody writes to the bytes, which stay where they are until `deinit`.
package final class MappedFile: @unchecked Sendable {
    /// All bytes of the file.
    package let bytes: UnsafeBufferPointer<UInt8>

    fileprivate init(_ memory: UnsafeMutableRawPointer, count: Int) {
        bytes = UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: count)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}

/// What changes when a file is written.
package struct FileMark: Equatable, Sendable {
    /// When it was written last, in seconds since 1970.
    package let time: Double
    /// Its bytes.
    package let size: Int

    /// The mark of a file; nil where there is none.
    package init?(ofFileAt path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    fileprivate init(_ status: stat) {
        #if os(macOS)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        self.time = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        size = Int(status.st_size)
    }
}
