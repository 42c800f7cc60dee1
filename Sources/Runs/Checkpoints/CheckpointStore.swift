import Files
package import Foundation

/// The checkpoints of a run: `checkpoints/step-<N>.safetensors`.
///
/// One writer at a time: hold the run's ``RunLock``.
package struct CheckpointStore: Sendable {
    /// Which checkpoints are kept.
    package struct Retention: Equatable, Sendable {
        /// How many of the last ones, at least 1.
        package var last: Int
        /// The metric of which the checkpoint with the lowest finite value is kept too.
        package var best: String?
        /// What the metric was measured on: only checkpoints whose ``Checkpoint/measuredOn`` is the
        /// same count.
        package var measuredOn: String?

        /// - Parameters:
        ///   - last: How many of the last ones; fewer than 1 counts as 1.
        ///   - best: A metric, the lower the better.
        ///   - measuredOn: What it was measured on.
        package init(last: Int = 3, best: String? = nil, measuredOn: String? = nil) {
            (self.last, self.best, self.measuredOn) = (max(1, last), best, measuredOn)
        }
    }

    /// A checkpoint's place.
    package struct Entry: Equatable, Sendable {
        /// The step that its name says.
        package let step: Int
        /// Where its file lies.
        package let url: URL
    }

    /// The folder's place in the run folder.
    package static let path = "checkpoints"

    /// Which checkpoints are kept.
    package let retention: Retention

    private let folder: URL
    private let calls: FileCalls

    /// The checkpoints of a run; their folder need not exist.
    package init(in run: RunFolder, keeping retention: Retention = Retention()) throws {
        try self.init(run.url(of: Self.path), retention, FileCalls())
    }

    init(_ folder: URL, _ retention: Retention, _ calls: FileCalls) {
        (self.folder, self.retention, self.calls) = (folder, retention, calls)
    }

    /// Writes a checkpoint, then removes those that need not be kept.
    ///
    /// It is durable on return. Until then the earlier ones are as they were, whenever the process
    /// is killed, the power fails or the disk is full.
    ///
    /// - Throws: `FileFailure`; ``CheckpointFailure/unwritable(_:)``; `FormatFailure` when a
    ///   name occurs twice or a shape contradicts its values.
    @discardableResult
    package func write(_ checkpoint: Checkpoint) throws -> Entry {
        try makeFolder()
        try removeLeftovers()
        let entry = Entry(step: checkpoint.step, url: place(of: checkpoint.step))
        try CheckpointFormat.write(checkpoint, to: entry.url, calls: calls)
        try prune()
        return entry
    }

    /// All files that are named as checkpoints, by ascending step.
    ///
    /// - Throws: `FileFailure` when the folder cannot be read; a missing one is an empty list.
    package func list() throws -> [Entry] {
        try names().compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".safetensors"),
                let step = Int(name.dropFirst(5).dropLast(12)), step >= 0,
                case let url = place(of: step), url.lastPathComponent == name
            else { return nil }
            return Entry(step: step, url: url)
        }.sorted { $0.step < $1.step }
    }

    /// Opens the newest checkpoint that is complete and undamaged, every byte checked.
    ///
    /// - Returns: The checkpoint, or nil when there is none; and a sentence about each newer file
    ///   that was passed over.
    /// - Throws: `FileFailure` when the folder cannot be read.
    package func latest() throws -> (checkpoint: CheckpointFile?, notes: [String]) {
        var notes: [String] = []
        for entry in try list().reversed() {
            do {
                let file = try open(entry)
                try file.verify()
                return (file, notes)
            } catch {
                notes.append("\(error)")
            }
        }
        return (nil, notes)
    }

    /// Opens the checkpoint with the lowest finite value of the metric that is kept for, of those
    /// that are undamaged, every byte checked.
    ///
    /// - Returns: Nil when no checkpoint has that metric.
    /// - Throws: `FileFailure` when the folder cannot be read.
    package func best() throws -> CheckpointFile? {
        ranked(try usable()).lazy.map(\.file).first { (try? $0.verify()) != nil }
    }

    /// Opens the checkpoint of a step, every byte checked.
    ///
    /// - Throws: `FileFailure`; `FormatFailure`; ``CheckpointFailure``.
    package func checkpoint(atStep step: Int) throws -> CheckpointFile {
        let file = try open(Entry(step: step, url: place(of: step)))
        try file.verify()
        return file
    }

    /// Removes the checkpoints of later steps, when a run goes on from an earlier one.
    ///
    /// - Throws: `FileFailure`.
    package func removeAll(after step: Int) throws {
        for entry in try list() where entry.step > step { try remove(entry.url) }
    }
}

extension CheckpointStore {
    private typealias Usable = (entry: Entry, file: CheckpointFile)

    /// Removes what need not be kept. Damaged files stay, for people to look at, and do not count.
    private func prune() throws {
        let files = try usable()
        let best = ranked(files).first?.entry
        for file in files.dropLast(retention.last) where file.entry != best {
            try remove(file.entry.url)
        }
    }

    /// Those that have the metric that is kept for, the best first.
    private func ranked(_ files: [Usable]) -> [Usable] {
        guard let name = retention.best else { return [] }
        let measured = files.compactMap { file -> (value: Double, file: Usable)? in
            guard file.file.texts[Checkpoint.measuredOn] == retention.measuredOn,
                let value = file.file.metrics[name], value.isFinite
            else { return nil }
            return (value, file)
        }
        // Of equal ones the later: it has learnt longer.
        return measured.sorted {
            ($0.value, -$0.file.entry.step) < ($1.value, -$1.file.entry.step)
        }.map(\.file)
    }

    /// The checkpoints whose structure is in order.
    private func usable() throws -> [Usable] {
        try list().compactMap { entry in (try? open(entry)).map { (entry, $0) } }
    }

    private func open(_ entry: Entry) throws -> CheckpointFile {
        let file = try CheckpointFile(contentsOf: entry.url)
        guard file.step == entry.step else {
            throw CheckpointFailure.damaged(
                path: entry.url.path, reason: "it is named otherwise than its step, \(file.step)")
        }
        return file
    }

    /// Removes what killed writers left: no other process writes here.
    private func removeLeftovers() throws {
        // The run's lock tells that nobody writes them, where files have no locks too.
        for name in try names() where TemporaryFiles.isName(name) {
            try remove(folder.appendingPathComponent(name))
        }
    }

    private func remove(_ url: URL) throws {
        guard unlink(url.path) != 0, errno != ENOENT else { return }
        throw FileFailure(.write, path: url.path, code: errno)
    }

    private func place(of step: Int) -> URL {
        folder.appendingPathComponent("step-\(step).safetensors", isDirectory: false)
    }

    private func names() throws -> [String] {
        guard Folder.isFolder(folder.path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw FileFailure(.read, path: folder.path, reason: .permissionDenied)
        }
    }

    /// Makes the folder so that it outlives a power failure.
    private func makeFolder() throws {
        guard !Folder.isFolder(folder.path) else { return }
        try Folder.make(folder.path)
        let code = Folder.flush(folderOf: folder.path, calls)
        if code != 0 { throw FileFailure(.write, path: folder.path, code: code) }
    }
}
