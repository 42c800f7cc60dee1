import Files
import Foundation
import Runs
import Synchronization

/// The runs below some folders, found anew as they come and go.
final class RunCatalogue: Sendable {
    private struct State {
        var runs: [String: WatchedRun] = [:]
        /// Folders that look like runs and cannot be read, with the reason.
        var unreadable: [String: String] = [:]
        var time: ContinuousClock.Instant?
    }

    private let folders: [URL]
    private let state = Mutex(State())

    /// Runs lie at most so deep below a folder that is watched: a sweep's are at two.
    private static let depth = 4
    private static let largestCount = 20_000
    /// A list is not made anew before this time.
    private static let shortest = Duration.milliseconds(400)

    /// - Parameter folders: Runs, or folders that hold runs.
    init(_ folders: [URL]) { self.folders = folders.map(\.standardizedFileURL) }

    /// All runs, by the order of their names. Blocks while folders are read.
    func all() -> [RunGlance] {
        update().runs.map { RunGlance($0.key, $0.value) }.sorted {
            $0.id.localizedStandardCompare($1.id) == .orderedAscending
        }
    }

    /// The run of an id; nil where there is none. Blocks while folders are read.
    func run(_ id: String) -> WatchedRun? { update().runs[id] }

    /// The run whose id some parts of a path begin with, and the rest of them.
    func run(at parts: ArraySlice<String>) -> (id: String, run: WatchedRun, rest: [String])? {
        let runs = update().runs
        for count in 1...max(1, min(parts.count, Self.depth + 1)) {
            let id = parts.prefix(count).joined(separator: "/")
            if let run = runs[id] { return (id, run, Array(parts.dropFirst(count))) }
        }
        return nil
    }

    private func update() -> State {
        state.withLock { state in
            if let time = state.time, ContinuousClock.now - time < Self.shortest { return state }
            let places = find()
            let former = state.runs
            let found = Mutex([(String, Result<WatchedRun, any Error>)]())
            DispatchQueue.concurrentPerform(iterations: places.count) { index in
                let (id, url) = places[index]
                let run = Result {
                    if let run = former[id], run.folder.url == url { return try run.updated() }
                    return try WatchedRun(RunFolder(opening: url))
                }
                found.withLock { $0.append((id, run)) }
            }
            (state.runs, state.unreadable) = ([:], [:])
            for (id, run) in found.withLock({ $0 }) {
                switch run {
                case .success(let run): state.runs[id] = run
                case .failure(let error):
                    // A file may be read while it is written: what was known is still true.
                    state.runs[id] = former[id]
                    state.unreadable[id] = "\(error)"
                }
            }
            state.time = .now
            return state
        }
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
