import Files
import Foundation

/// Fetches the files of a data set, checks them, and puts them where they are looked for.
///
/// A file appears under its name only when all of it is there and has the published checksum; one
/// that is there already is checked and left alone. What a broken connection leaves is kept, and
/// the next attempt goes on from there.
public struct DatasetFetcher: Sendable {
    /// How often and how patiently a file is asked for.
    public struct Patience: Sendable, Hashable {
        /// The most attempts for a file, over all mirrors.
        public var attempts: Int
        /// The pause after the first failed attempt; it doubles each time, up to ten seconds.
        public var pause: Duration
        /// Seconds to wait for a connection, 1 or more.
        public var connectSeconds: Int
        /// Seconds without a byte after which an attempt is given up, 1 or more.
        public var stallSeconds: Int

        /// Five attempts, and half a minute without a byte, unless told otherwise.
        public init(
            attempts: Int = 5, pause: Duration = .seconds(1), connectSeconds: Int = 20,
            stallSeconds: Int = 30
        ) {
            self.attempts = max(1, attempts)
            self.pause = pause
            self.connectSeconds = max(1, connectSeconds)
            self.stallSeconds = max(1, stallSeconds)
        }
    }

    /// How far the work is.
    public struct Progress: Sendable, Hashable {
        /// The file that is being fetched.
        public let file: PublishedFile
        /// How many of its bytes are there.
        public let received: Int
    }

    /// The data set.
    public let dataset: PublishedDataset
    /// The folder that the files are put into.
    public let folder: String
    private let mirrors: [String]
    private let patience: Patience

    /// Fetches a data set into a folder, which need not be there.
    ///
    /// - Parameters:
    ///   - dataset: The data set.
    ///   - folder: Where its files go; where nil, to the first folder of ``DatasetLocation``.
    ///   - mirror: The address of a folder that has the files; where nil, those of the data set.
    ///   - patience: How often and how patiently a file is asked for.
    /// - Throws: ``FetchError/notAnAddress(_:)``.
    public init(
        _ dataset: PublishedDataset, into folder: String? = nil, from mirror: String? = nil,
        patience: Patience = Patience()
    ) throws {
        self.dataset = dataset
        self.folder = folder ?? DatasetLocation(name: dataset.name).folders[0]
        self.patience = patience
        mirrors = mirror.map { [$0] } ?? dataset.mirrors
        for mirror in mirrors {
            let scheme = mirror.lowercased()
            guard scheme.hasPrefix("http://") || scheme.hasPrefix("https://"),
                !mirror.utf8.contains(where: { $0 <= 0x20 })
            else { throw FetchError.notAnAddress(mirror) }
        }
    }

    /// Fetches what is not there yet.
    ///
    /// - Parameter progress: Told now and then; what it throws ends the work, which a later call
    ///   takes up again.
    /// - Returns: The paths of all files.
    /// - Throws: ``FetchError``; `FileFailure` where it cannot be written; what `progress` throws.
    @discardableResult
    public func fetch(progress: (Progress) throws -> Void = { _ in }) throws -> [String] {
        try Folder.make(folder)
        return try dataset.files.map { file in
            let path = "\(folder)/\(file.name)"
            if !PartialFile.isWhole(path, file) { try fetch(file, to: path, progress) }
            try progress(Progress(file: file, received: file.byteCount))
            return path
        }
    }

    private func fetch(
        _ file: PublishedFile, to path: String, _ progress: (Progress) throws -> Void
    ) throws {
        let partial = try PartialFile(for: path, file)
        var mirrors = mirrors
        var pause = patience.pause
        var failure = FetchError.notAnAddress("")
        for attempt in 0..<patience.attempts {
            guard !mirrors.isEmpty else { break }
            let place = attempt % mirrors.count
            let address = mirrors[place] + (mirrors[place].hasSuffix("/") ? "" : "/") + file.name
            do {
                let transfer = FileTransfer(address, to: partial, patience)
                try transfer.run { try progress(Progress(file: file, received: $0)) }
                return try partial.commit()
            } catch let error as FetchError where error.isOfMirror {
                failure = error
                if !error.isPassing { mirrors.remove(at: place) }
            }
            if attempt + 1 < patience.attempts, failure.isPassing {
                Self.sleep(pause)
                pause = min(pause * 2, .seconds(10))
            }
        }
        throw failure
    }

    private static func sleep(_ pause: Duration) {
        Thread.sleep(forTimeInterval: pause / .seconds(1))
    }
}

/// Why a file could not be fetched.
public enum FetchError: Error, Equatable, CustomStringConvertible {
    /// A mirror that is not an http or https address.
    case notAnAddress(String)
    /// No connection, for this reason.
    case unreachable(address: String, reason: String)
    /// The server cannot prove who it is.
    case untrusted(address: String, reason: String)
    /// The server answered with this status.
    case status(address: String, Int)
    /// The connection broke, in the last of the attempts too.
    case interrupted(address: String, received: Int, expected: Int, reason: String)
    /// Other bytes came than were published.
    case wrongBytes(address: String)
    /// Another process is fetching the file.
    case busy(path: String)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notAnAddress(let mirror):
            "The mirror \(mirror.shown()) is not an address; give one that begins with http:// or "
                + "https://."
        case .unreachable(let address, let reason):
            "\(address.shown()) cannot be reached (\(reason.shown())); check the network, name "
                + "another mirror or fetch the file by hand."
        case .untrusted(let address, let reason):
            "\(address.shown()) cannot be trusted (\(reason.shown())); check the system's clock "
                + "and certificates or name another mirror."
        case .status(let address, let status):
            "\(address.shown()) was answered with status \(status); "
                + (status >= 500 ? "try later or name another mirror." : "name another mirror.")
        case .interrupted(let address, let received, let expected, let reason):
            "\(address.shown()) broke off after \(received) of \(expected) bytes "
                + "(\(reason.shown())); try again, which goes on from there."
        case .wrongBytes(let address):
            "\(address.shown()) does not have the published bytes; name another mirror."
        case .busy(let path):
            "\(path.shown()) is being fetched by another process; wait until it has ended."
        }
    }

    /// Whether the same mirror may succeed a little later.
    var isPassing: Bool {
        switch self {
        case .unreachable, .interrupted: true
        case .status(_, let status): status >= 500 || [408, 416, 429].contains(status)
        default: false
        }
    }

    /// Whether another mirror may succeed.
    var isOfMirror: Bool {
        switch self {
        case .unreachable, .untrusted, .status, .interrupted, .wrongBytes: true
        case .notAnAddress, .busy: false
        }
    }
}
