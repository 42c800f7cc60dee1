package import Figures
public import Files
public import Foundation
import StrictYAML
package import WGAN

/// The folder of one training run, with everything the run writes.
public struct RunFolder: Sendable, Equatable {
    /// The file that makes a folder the run of a preset or file: its complete configuration.
    public static let configurationPath = "config.yaml"

    /// The place of the folder on disk; ``url(of:)`` gives those of the files in it.
    public let url: URL

    /// Makes a folder of its own for a new run: `<name>-<n>` with the smallest free `n` ≥ 1.
    ///
    /// - Parameters:
    ///   - name: What the run is called, usually its preset; characters unsuited to a file name
    ///     become hyphens.
    ///   - parent: The folder of all runs, made when it is missing.
    /// - Returns: An empty folder, which no other process has been given.
    /// - Throws: `FileFailure` when it cannot be made or written to.
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
    /// - Parameter url: A folder that is missing, in which case it is made, or in which no run has
    ///   begun.
    /// - Throws: ``RunFailure/notEmpty(path:)``; `FileFailure` when it cannot be made or written
    ///   to.
    public static func create(at url: URL) throws -> RunFolder {
        try Folder.make(url.path)
        guard try isVacant(url) else { throw RunFailure.notEmpty(path: url.path) }
        try Folder.checkWritable(url.path)
        return RunFolder(url)
    }

    /// Whether no run has begun in a folder: there is none, or it holds nothing but what a process
    /// leaves that was ended before it had written what makes a run.
    ///
    /// - Throws: `FileFailure` when it cannot be listed.
    package static func isVacant(_ url: URL) throws -> Bool {
        guard FileManager.default.fileExists(atPath: url.path) else { return true }
        guard Folder.isFolder(url.path) else { return false }
        let beginnings = [RunLock.path, RunData.path, RunRecord.path]
        let names = try Folder.names(in: url.path)
        return names.allSatisfy { beginnings.contains($0) || TemporaryFiles.isName($0) }
            && (!names.contains(RunRecord.path)
                || (try? RunRecord.of(RunFolder(url)))?.isProgrammed != true)
    }

    /// Makes the folder of a new run: the one that was chosen, else `runs/<name>-<n>`.
    ///
    /// - Throws: As the other two.
    package static func create(at url: URL?, orNamed name: String) throws -> RunFolder {
        if let url { return try create(at: url) }
        return try create(named: name, in: URL(fileURLWithPath: "runs", isDirectory: true))
    }

    /// Opens the folder of an existing run.
    ///
    /// - Throws: ``RunFailure/notARun(path:)`` when it holds neither `config.yaml` nor the record
    ///   of a program's run; ``RunFailure/unusable(_:)`` when it is a file; `FileFailure` when
    ///   there is no such folder.
    public init(opening url: URL) throws {
        self.init(url)
        guard Folder.isFolder(url.path) else {
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw FileFailure(.read, path: url.path, reason: .notFound)
            }
            throw RunFailure.unusable(
                "\(url.path.quoted) is a file; give the folder of a run, such as runs/NAME-1.")
        }
        guard has(Self.configurationPath) || (try? RunRecord.of(self))?.isProgrammed == true else {
            throw RunFailure.notARun(path: url.path)
        }
    }

    private init(_ url: URL) {
        self.url = url
    }

    /// A folder that may or may not be that of a run.
    init(at url: URL) { self.init(url) }

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
    /// - Throws: `FileFailure`, an earlier file being intact; ``RunFailure/invalidPath(_:)``.
    public func write(_ data: some ContiguousBytes, at path: String) throws {
        try AtomicFile.write(data, to: place(for: path))
    }

    /// Starts a large file of the run, with the folders it needs.
    ///
    /// - Parameter path: Relative, such as `checkpoints/step-100.safetensors`.
    /// - Throws: `FileFailure`; ``RunFailure/invalidPath(_:)``.
    public func writer(at path: String) throws -> AtomicFileWriter {
        try AtomicFileWriter(to: place(for: path))
    }

    /// Where a file of the run may be written, after making the folders it needs.
    ///
    /// - Throws: `FileFailure`; ``RunFailure/invalidPath(_:)``.
    public func place(for path: String) throws -> URL {
        let url = try url(of: path)
        try Folder.make(url.deletingLastPathComponent().path)
        return url
    }

    /// Reads a file of the run.
    ///
    /// - Throws: `FileFailure`; ``RunFailure/invalidPath(_:)``.
    public func read(_ path: String) throws -> Data {
        Data(try ReadableFile(url(of: path)).bytes())
    }
}

extension RunFolder {
    /// Writes a figure as SVG and as PNG.
    package func write(figure: any Figure, at path: String) throws {
        try write(figure.svgData, at: path + ".svg")
        try write(try figure.pngData(), at: path + ".png")
    }
}

extension RunFolder {
    /// Removes the pictures of later steps, when a training goes on from an earlier one.
    func removePictures(in folder: String, after step: Int) throws {
        for picture in try numberedPictures(in: folder) where picture.step > step {
            try FileManager.default.removeItem(at: picture.url)
        }
    }

    /// The pictures `step-<N>` of a folder with their steps, ascending.
    func numberedPictures(in folder: String) throws -> [(step: Int, url: URL)] {
        let folder = try url(of: folder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let prefix = "step-"
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
            guard name.hasPrefix(prefix) else { return nil }
            return Int(name.dropFirst(prefix.count).prefix { $0 != "." }).map {
                ($0, folder.appending(path: name))
            }
        }.sorted { $0.step < $1.step }
    }
}

/// A step number with leading zeros, so that files sort by it.
func padded(_ step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}

extension RunFolder {
    /// Whether the run has a file or folder.
    package func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path)
    }

    /// What a file of JSON holds; nil where there is none.
    func decoded<Value: Decodable>(_ path: String) throws -> Value? {
        guard has(path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: read(path))
        } catch is DecodingError {
            throw RunFailure.unusable(
                "\(try url(of: path).relativePath) is damaged; remove it to do without it")
        }
    }

    /// Removes a file, if there is one.
    func remove(_ path: String) throws {
        guard has(path) else { return }
        try FileManager.default.removeItem(at: try url(of: path))
    }
}

extension TrainingConfiguration {
    /// The configuration of a run.
    ///
    /// - Parameter folder: Where the data's files are now; nil for where the configuration says.
    package init(of run: RunFolder, dataIn folder: String? = nil) throws {
        guard run.has(RunFolder.configurationPath) else {
            throw RunFailure.programmed(path: run.url.path)
        }
        let path = try run.url(of: RunFolder.configurationPath).path
        let document = try TrainingConfiguration.document(presetOrFile: path)
        if let folder { try DataCatalogue.relocate(document, to: folder) }
        try self.init(document, isSaved: true)
    }
}
