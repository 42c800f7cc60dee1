import CCurl
import Files
import Foundation

/// One attempt to fetch the rest of a file from one address.
final class FileTransfer {
    private let address: String
    private let partial: PartialFile
    private let patience: DatasetFetcher.Patience
    private var progress: (Int) throws -> Void = { _ in }
    private var hasBegun = false
    private var failure: (any Error)?

    init(_ address: String, to partial: PartialFile, _ patience: DatasetFetcher.Patience) {
        self.address = address
        self.partial = partial
        self.patience = patience
    }

    /// Fetches what is missing and checks the whole.
    ///
    /// - Parameter progress: Told how many bytes are there.
    /// - Throws: ``FetchError``, and what `progress` throws.
    func run(_ progress: (Int) throws -> Void) throws {
        // A part that an earlier attempt left may be of other bytes: only then is it asked again.
        let isResumed = partial.count > 0
        if partial.count < partial.file.byteCount { try receive(progress) }
        if partial.isWhole { return }
        try partial.restart()
        guard isResumed else { throw FetchError.wrongBytes(address: address) }
        try receive(progress)
        guard partial.isWhole else {
            try partial.restart()
            throw FetchError.wrongBytes(address: address)
        }
    }

    private func receive(_ progress: (Int) throws -> Void) throws {
        hasBegun = false
        failure = nil
        let result = withoutActuallyEscaping(progress) { progress in
            self.progress = progress
            defer { self.progress = { _ in } }
            return address.withCString { url in
                var request = ccurl_request(
                    url: url, first: Int64(partial.count),
                    connect_seconds: patience.connectSeconds,
                    stall_seconds: patience.stallSeconds)
                return ccurl_fetch(
                    &request,
                    { context, first, bytes, length in
                        guard let context, let bytes else { return length == 0 }
                        let transfer = Unmanaged<FileTransfer>.fromOpaque(context)
                        return transfer.takeUnretainedValue().take(
                            UnsafeRawBufferPointer(start: bytes, count: length), from: Int(first))
                    }, Unmanaged.passUnretained(self).toOpaque())
            }
        }
        try check(result)
    }

    /// Adds a piece; false, with the reason in ``failure``, ends the transfer.
    private func take(_ bytes: UnsafeRawBufferPointer, from first: Int) -> Bool {
        do {
            if !hasBegun {
                hasBegun = true
                // A server that does not know of ranges sends everything.
                if first != partial.count { try partial.restart() }
                guard first == partial.count else {
                    throw FetchError.wrongBytes(address: address)
                }
            }
            guard bytes.count <= partial.file.byteCount - partial.count else {
                try partial.restart()
                throw FetchError.wrongBytes(address: address)
            }
            try partial.append(bytes)
            try progress(partial.count)
            return true
        } catch {
            failure = error
            return false
        }
    }

    private func check(_ result: ccurl_result) throws {
        if let failure { throw failure }
        let reason = withUnsafeBytes(of: result.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch result.outcome {
        case ccurl_unreachable:
            throw FetchError.unreachable(address: address, reason: reason)
        case ccurl_untrusted:
            throw FetchError.untrusted(address: address, reason: reason)
        case ccurl_status:
            // What is here may be longer than what the server has.
            if result.status == 416 { try partial.restart() }
            throw FetchError.status(address: address, result.status)
        case ccurl_done where partial.count == partial.file.byteCount: return
        case ccurl_done:
            try partial.restart()
            throw FetchError.wrongBytes(address: address)
        default:
            throw FetchError.interrupted(
                address: address, received: partial.count, expected: partial.file.byteCount,
                reason: reason)
        }
    }
}

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
