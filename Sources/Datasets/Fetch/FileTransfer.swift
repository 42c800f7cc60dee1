import CCurl

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
