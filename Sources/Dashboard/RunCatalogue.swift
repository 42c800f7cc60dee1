import Files
import Foundation
import Runs
import Synchronization

/// The runs below some folders, found anew as they come and go.
final class RunCatalogue: Sendable {
    /// What is known of the runs, by their ids.
    struct Runs: Sendable {
        fileprivate(set) var readable: [String: WatchedRun] = [:]
        /// Those of which a file is damaged or locked.
        fileprivate(set) var unreadable: [String: Unreadable] = [:]
    }

    /// A run that could not be read.
    struct Unreadable: Sendable {
        let reason: String
        fileprivate let marks: WatchedRun.Marks
        fileprivate let time: ContinuousClock.Instant
    }

    private struct State {
        var runs: Runs?
        var time: ContinuousClock.Instant?
        var isScanning = false
    }

    private let folders: [URL]
    private let state = Mutex(State())
    /// Held while folders are read.
    private let scanning = Mutex(())

    /// Runs lie at most so deep below a folder that is watched: a sweep's are at two.
    private static let depth = 4
    private static let largestCount = 20_000
    /// A list is not made anew before this time.
    private static let shortest = Duration.milliseconds(400)
    /// A run that could not be read is tried again after this time, or when it has changed: a
    /// locked file takes seconds.
    private static let retry = Duration.seconds(10)

    /// - Parameter folders: Runs, or folders that hold runs.
    init(_ folders: [URL]) { self.folders = folders.map(\.standardizedFileURL) }

    /// All runs, by the order of their names. Blocks while folders are read.
    func all() -> [RunGlance] {
        let runs = update()
        return
            (runs.readable.map { RunGlance($0.key, $0.value) }
            + runs.unreadable.filter { runs.readable[$0.key] == nil }.map {
                RunGlance($0.key, unreadable: $0.value.reason)
            }).sorted { $0.id.localizedStandardCompare($1.id) == .orderedAscending }
    }

    /// The run of an id; nil where there is none that can be read. Blocks while folders are read.
    func run(_ id: String) -> WatchedRun? { update().readable[id] }

    /// The run whose id some parts of a path begin with, and the rest of them.
    ///
    /// - Throws: A sentence where the run cannot be read.
    func run(
        at parts: ArraySlice<String>
    ) throws -> (id: String, run: WatchedRun, rest: [String])? {
        let runs = update()
        for count in (0...min(parts.count, Self.depth + 1)).reversed() {
            let id = parts.prefix(count).joined(separator: "/")
            if let run = runs.readable[id] { return (id, run, Array(parts.dropFirst(count))) }
            if let run = runs.unreadable[id] { throw RunUnreadable(description: run.reason) }
        }
        return nil
    }

    /// Reads what has changed. While another thread does, the former state is given: one slow file
    /// makes nobody wait for the others.
    private func update() -> Runs {
        let present: Runs? = state.withLock { state in
            let isNew = state.time.map { ContinuousClock.now - $0 < Self.shortest } ?? false
            if let runs = state.runs, isNew || state.isScanning { return runs }
            state.isScanning = true
            return nil
        }
        if let present { return present }
        return scanning.withLock { _ in
            let former: Runs? = state.withLock { state in
                // The first readers of all wait for one scan.
                let isDone = state.runs != nil && !state.isScanning
                return isDone ? state.runs : nil
            }
            if let former { return former }
            let runs = scan(state.withLock { $0.runs } ?? Runs())
            state.withLock { $0 = State(runs: runs, time: .now) }
            return runs
        }
    }

    private func scan(_ former: Runs) -> Runs {
        let places = find()
        let runs = Mutex(Runs())
        DispatchQueue.concurrentPerform(iterations: places.count) { index in
            let (id, url) = places[index]
            guard let folder = try? RunFolder(opening: url) else { return }
            let known = former.readable[id].flatMap { $0.folder == folder ? $0 : nil }
            if let failure = former.unreadable[id],
                ContinuousClock.now - failure.time < Self.retry,
                failure.marks == WatchedRun.Marks(folder)
            {
                runs.withLock { runs in
                    runs.unreadable[id] = failure
                    runs.readable[id] = known
                }
                return
            }
            do {
                let run = try known?.updated() ?? WatchedRun(folder)
                runs.withLock { $0.readable[id] = run }
            } catch {
                // A file may be read while it is written: what was known is still true.
                let failure = Unreadable(
                    reason: "\(error)", marks: WatchedRun.Marks(folder), time: .now)
                runs.withLock { runs in
                    runs.unreadable[id] = failure
                    runs.readable[id] = known
                }
            }
        }
        return runs.withLock { $0 }
    }

    private func find() -> [(id: String, url: URL)] {
        var places: [(id: String, url: URL)] = []
        var taken: Set<String> = []
        for folder in folders {
            var found: [(id: String, url: URL)] = []
            if Self.isRun(folder) {
                found.append((folder.lastPathComponent, folder))
            } else {
                search(folder, [], &found)
            }
            for (id, url) in found {
                var name = id
                var number = 2
                while !taken.insert(name).inserted {
                    name = "\(id)~\(number)"
                    number += 1
                }
                places.append((name, url))
            }
        }
        return places
    }

    /// Adds the runs of a folder. Links are not followed: they may lead anywhere.
    private func search(
        _ folder: URL, _ path: [String], _ found: inout [(id: String, url: URL)]
    ) {
        guard path.count < Self.depth, found.count < Self.largestCount,
            let names = try? Folder.names(in: folder.path)
        else { return }
        for name in names.sorted() where !name.hasPrefix(".") {
            let url = folder.appending(path: name, directoryHint: .isDirectory)
            // A slash at a path's end follows a link.
            guard Folder.isFolder(url.path, throughLinks: false) else { continue }
            if Self.isRun(url) {
                found.append(((path + [name]).joined(separator: "/"), url))
            } else {
                search(url, path + [name], &found)
            }
        }
    }

    private static func isRun(_ url: URL) -> Bool { (try? RunFolder(opening: url)) != nil }
}

/// A run of which a file is damaged or locked.
struct RunUnreadable: Error, CustomStringConvertible {
    /// A sentence.
    let description: String
}
