public import Files
public import Foundation

/// The folder of one training run, with everything the run writes.
public struct RunFolder: Sendable, Equatable {
    /// The file that makes a folder a run: its complete configuration.
    public static let configurationPath = "config.yaml"

    /// The folder.
    public let url: URL

    /// Makes a folder of its own for a new run: `<name>-<n>` with the smallest free `n` ≥ 1.
    ///
    /// - Parameters:
    ///   - name: What the run is called, usually its preset; characters unsuited to a file name
    ///     become hyphens.
    ///   - parent: The folder of all runs, made when it is missing.
    /// - Returns: An empty folder, which no other process has been given.
    /// - Throws: ``FileFailure`` when it cannot be made or written to.
    public static func create(named name: String, in parent: URL) throws -> RunFolder {
        try Folder.make(parent.path)
        let stem = name.fileName() ?? "run"
        var number = 1
        // Asking first which names are taken would let two processes choose the same one.
        while true {
            let url = parent.appendingPathComponent("\(stem)-\(number)", isDirectory: true)
            if try Folder.makeNew(url.path) { return RunFolder(url) }
            number += 1
        }
    }

    /// Makes the folder that the user chose for a new run.
    ///
    /// - Parameter url: A folder that is missing, in which case it is made, or empty.
    /// - Throws: ``RunFailure/notEmpty(path:)``; ``FileFailure`` when it cannot be made or written
    ///   to.
    public static func create(at url: URL) throws -> RunFolder {
        try Folder.make(url.path)
        guard try Folder.isEmpty(url.path) else { throw RunFailure.notEmpty(path: url.path) }
        try Folder.checkWritable(url.path)
        return RunFolder(url)
    }

    /// Opens the folder of an existing run.
    ///
    /// - Throws: ``RunFailure/notARun(path:)`` when it holds no `config.yaml`; ``FileFailure`` when
    ///   there is no such folder.
    public init(opening url: URL) throws {
        self.init(url)
        guard Folder.isFolder(url.path) else {
            let exists = FileManager.default.fileExists(atPath: url.path)
            throw FileFailure(.read, path: url.path, reason: exists ? .notAFolder : .notFound)
        }
        guard FileManager.default.fileExists(atPath: try self.url(of: Self.configurationPath).path)
        else { throw RunFailure.notARun(path: url.path) }
    }

    private init(_ url: URL) {
        self.url = url
    }

    /// The place of a file within the run.
    ///
    /// - Parameter path: Relative, such as `figures/loss.svg`; it may not lead out of the folder.
    /// - Throws: ``RunFailure/invalidPath(_:)``.
    public func url(of path: String) throws -> URL {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { ["", ".", ".."].contains($0) || $0.contains("\0") }) else {
            throw RunFailure.invalidPath(path)
        }
        return url.appendingPathComponent(path, isDirectory: false)
    }

    /// Writes a file of the run, whole or not at all, with the folders it needs.
    ///
    /// - Parameters:
    ///   - data: The whole content.
    ///   - path: Relative, such as `figures/loss.svg`.
    /// - Throws: ``FileFailure``, an earlier file being intact; ``RunFailure/invalidPath(_:)``.
    public func write(_ data: some ContiguousBytes, at path: String) throws {
        try AtomicFile.write(data, to: place(for: path))
    }

    /// Starts a large file of the run, with the folders it needs.
    ///
    /// - Parameter path: Relative, such as `checkpoints/step-100.safetensors`.
    /// - Throws: ``FileFailure``; ``RunFailure/invalidPath(_:)``.
    public func writer(at path: String) throws -> AtomicFileWriter {
        try AtomicFileWriter(to: place(for: path))
    }

    /// Where a file of the run may be written, after making the folders it needs.
    ///
    /// - Throws: ``FileFailure``; ``RunFailure/invalidPath(_:)``.
    public func place(for path: String) throws -> URL {
        let url = try url(of: path)
        try Folder.make(url.deletingLastPathComponent().path)
        return url
    }

    /// Reads a file of the run.
    ///
    /// - Throws: ``FileFailure``; ``RunFailure/invalidPath(_:)``.
    public func read(_ path: String) throws -> Data {
        Data(try ReadableFile(url(of: path)).bytes())
    }
}
