import Foundation

/// A file that is written piece by piece and gets its name only when it is complete.
///
/// The pieces go to a hidden file beside it, which is locked as long as its writer lives, so that
/// the next writer can tell those that a killed one left behind, and removes them.
final class ImageCacheWriter {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isCommitted = false
    private var sum = CRC32()

    /// The checksum of all bytes so far.
    var checksum: UInt32 { sum.value }

    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    init(_ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ImageFolderError.cache(path: path, reason: "its folder cannot be made")
        }
        Self.removeLeftovers(in: folder)
        self.path = path
        temporary = "\(folder)/\(Self.prefix)\(UUID().uuidString)\(Self.suffix)"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path) }
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isCommitted { unlink(temporary) }
        close(descriptor)
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        try write(bytes)
        sum.add(bytes)
    }

    /// Adds the last bytes, waits until the disk holds everything, and gives the file its name.
    ///
    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    func commit(_ end: [UInt8]) throws {
        try end.withUnsafeBytes { try write($0) }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path) }
        isCommitted = true
        // Should the new name not outlive a power failure, the images are decoded once more.
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static let prefix = ".images-"
    private static let suffix = ".partial"

    private static func failure(_ path: String) -> ImageFolderError {
        .cache(path: path, reason: systemReason())
    }

    /// Removes the files of writers that are no more. One that was made this instant and is not yet
    /// locked may go too: its writer then fails to rename it, and says so.
    private static func removeLeftovers(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let leftover = "\(folder)/\(name)"
            let descriptor = open(leftover, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(leftover) }
            close(descriptor)
        }
    }
}
