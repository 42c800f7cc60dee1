import Foundation
import Runs
import WGAN

/// What happens to the list of runs.
struct ListNews: FeedSource {
    private struct Changes: Encodable {
        var changed: [RunGlance]
        var removed: [String] = []
    }

    private let catalogue: RunCatalogue
    private var known: [RunGlance]

    init(_ catalogue: RunCatalogue) { (self.catalogue, known) = (catalogue, catalogue.all()) }

    mutating func news() -> [Message] {
        let present = catalogue.all()
        let former = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0) })
        let gone = Set(former.keys).subtracting(present.map(\.id))
        let changes = Changes(
            changed: present.filter { former[$0.id] != $0 }, removed: gone.sorted())
        known = present
        guard !changes.changed.isEmpty || !changes.removed.isEmpty else { return [] }
        return [try? Message("runs", changes)].compactMap { $0 }
    }

    func isBehind(_ last: Int?) -> Bool { false }

    func missed(since last: Int?) -> [Message] {
        [try? Message("runs", Changes(changed: known))].compactMap { $0 }
    }
}

/// What happens to one run.
struct RunNews: FeedSource {
    /// What is told first of a run.
    struct State: Encodable, Equatable {
        let run: RunGlance
        let words: String
        let tiles: [RunNumbers.Tile]

        init(run: RunGlance, numbers: RunNumbers, status: RunStatus) {
            (self.run, tiles, words) = (run, numbers.tiles, numbers.words(of: status))
        }
    }

    private struct Points: Encodable {
        let step: Int
        let curves: [String: CurvePieces]
    }

    private struct Samples: Encodable, Equatable {
        var samples: [RunPicture]
    }

    private struct Step: Encodable, Equatable { let step: Int }
    private struct Nothing: Encodable {}

    private let catalogue: RunCatalogue
    private let id: String
    private var isGone = false
    /// The last values that were told.
    private var last: [String: MetricPoint]
    private var state: State?
    private var samples: Samples
    private var frames: Step?

    /// The last step whose values were told; −1 before any.
    private var step: Int { last.lastStep ?? -1 }

    /// The most pieces of a curve in a message.
    private static let pieces = 32

    init(_ id: String, in catalogue: RunCatalogue) throws {
        (self.catalogue, self.id) = (catalogue, id)
        guard let run = catalogue.run(id) else { throw RunGone() }
        last = try MetricHistory.of(run.folder)?.last() ?? [:]
        samples = Samples(samples: RunPicture.all(of: run.folder))
        frames = Self.lastFrame(of: run)
    }

    mutating func news() -> [Message] {
        // What could not be told is told the next time: a file may be read while it is written.
        var next = self
        guard let messages = try? next.changes() else { return [] }
        self = next
        return messages
    }

    private mutating func changes() throws -> [Message] {
        guard let run = catalogue.run(id) else {
            let wasGone = isGone
            isGone = true
            return wasGone ? [] : [try Message("gone", Nothing())]
        }
        var messages: [Message] = []
        let history = try MetricHistory.of(run.folder)
        let newest = try history?.last() ?? [:]
        let goesOn = try history.map { try $0.holds(last) } ?? last.isEmpty
        if isGone || !goesOn {
            // The training went on from an earlier step, or began anew.
            messages.append(try Message("again", Nothing(), id: newest.lastStep ?? -1))
        } else if let step = newest.lastStep, step > self.step, let history {
            messages.append(try points(history, after: self.step, upTo: step))
        }
        (last, isGone) = (newest, false)
        let present = State(
            run: RunGlance(id, run), numbers: try RunNumbers(of: run.folder, run.configuration),
            status: run.status)
        if present != state { messages.append(try Message("state", present)) }
        state = present
        let pictures = Samples(samples: RunPicture.all(of: run.folder))
        if pictures != samples { messages.append(try Message("samples", pictures)) }
        samples = pictures
        let frame = Self.lastFrame(of: run)
        if let frame, frame != frames { messages.append(try Message("frames", frame)) }
        frames = frame
        return messages
    }

    func isBehind(_ last: Int?) -> Bool { last.map { $0 > step } ?? false }

    func missed(since last: Int?) -> [Message] {
        guard !isGone else { return [try? Message("gone", Nothing())].compactMap { $0 } }
        guard let run = catalogue.run(id), let history = try? MetricHistory.of(run.folder) else {
            return []
        }
        var messages: [Message?] = []
        if let last, last > step {
            messages.append(try? Message("again", Nothing(), id: step))
        } else if let last, last < step {
            messages.append(try? points(history, after: last, upTo: step))
        }
        messages.append(state.flatMap { try? Message("state", $0) })
        messages.append(try? Message("samples", samples))
        messages.append(frames.flatMap { try? Message("frames", $0) })
        return messages.compactMap { $0 }
    }

    /// The values of all metrics of the steps behind one and up to another.
    private func points(
        _ history: MetricHistory, after first: Int, upTo last: Int
    ) throws -> Message {
        let start = first == .max ? first : first + 1
        let curves = try history.pieces(from: start, upTo: last, limit: Self.pieces).mapValues(
            CurvePieces.init)
        return try Message("points", Points(step: last, curves: curves), id: last)
    }

    private static func lastFrame(of run: WatchedRun) -> Step? {
        FrameFolder(in: run.folder, note: { _ in }).lastStep.map(Step.init)
    }
}

/// A run whose folder is no longer there.
struct RunGone: Error, CustomStringConvertible {
    var description: String { "This run is gone." }
}

/// A picture of samples.
struct RunPicture: Encodable, Equatable, Sendable {
    let step: Int
    /// Its place in the run folder.
    let path: String

    /// Those that a run drew, by ascending step.
    static func all(of run: RunFolder) -> [RunPicture] {
        run.samplePictures.map { RunPicture(step: $0.step, path: $0.path) }
    }
}

/// A curve as arrays, one value for each piece.
struct CurvePieces: Encodable {
    private var first: [Int] = []
    private var last: [Int] = []
    private var low: [Double?] = []
    private var high: [Double?] = []
    private var mean: [Double?] = []

    init(_ pieces: [MetricBucket]) {
        for piece in pieces {
            first.append(piece.steps.lowerBound)
            last.append(piece.steps.upperBound)
            low.append(piece.range?.lowerBound)
            high.append(piece.range?.upperBound)
            mean.append(piece.mean.isFinite ? piece.mean : nil)
        }
    }
}
