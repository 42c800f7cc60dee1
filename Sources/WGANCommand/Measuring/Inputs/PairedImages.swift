import Datasets
import Dispatch
import Evaluation
import Foundation
import Runs
import Synchronization

/// Images of both sides in pairs, decoded only when it is their turn.
struct PairedImages: Sendable {
    /// What images belong together by.
    enum Pairing {
        /// Files of two folders by their names; everything else by its order, in equal numbers.
        case byName
        /// As many as there are on both sides, by their order.
        case byOrder(droppingLast: Bool)
    }

    /// The settings that images in pairs are read with.
    static let options: Set<MeasureOption> = [.count, .layout, .range, .data]

    private let sides: (a: MeasureSide, b: MeasureSide)
    private let first: ImageCollection
    private let second: ImageCollection
    private let pairs: [(Int, Int)]
    private let unpaired: [String]

    /// Whether at least one image has colours; grey ones then have three equal channels.
    var haveColour: Bool { first.hasColour || second.hasColour }
    private var channels: Int { haveColour ? 3 : 1 }

    /// Finds the images that a request names; a note names those without a partner.
    init(_ request: MeasureRequest, pairing: Pairing = .byName) throws {
        // A count takes the first pairs, not a choice of each side for itself.
        var options = request.options
        options.count = nil
        let reader = SampleReader(options: options, takesImages: true)
        let (a, b) = (request.sideA, try request.sideB())
        try reader.requireArrays(among: [a.place, b.place])
        let first = try a.reading { try ImageCollection($0, reader) }
        let second = try b.reading { try ImageCollection($0, reader.ofSecondSide) }
        let most = request.options.count ?? .max
        let all: [(Int, Int)]
        switch pairing {
        case .byName: (all, unpaired) = try ImageCollection.pairs(first, second, most: most)
        case .byOrder(let droppingLast):
            let count = min(first.count, second.count) - (droppingLast ? 1 : 0)
            guard count > 0 else { throw SampleImageError.noPairs }
            (all, unpaired) = ((0..<count).map { ($0, $0) }, [])
        }
        pairs = Array(all.prefix(most))
        (sides, self.first, self.second) = ((a, b), first, second)
        if let sentence = Self.sentence(on: unpaired) { note(sentence) }
    }

    /// What results say about both sides.
    var facts: [(name: String, value: JSONValue)] {
        var facts = [("a", first.facts), ("b", second.facts)].compactMap { name, facts in
            facts.map { (name: name, value: $0) }
        }
        let precision = facts.isEmpty ? "float64" : "pixels float32, measure float64"
        facts.append(("arithmetic", .text(precision)))
        if !unpaired.isEmpty { facts.append(("unpaired", .integer(unpaired.count))) }
        return facts
    }

    /// A value of each pair in order, without pairs with a file that cannot be decoded: a note
    /// names them. As many pairs as there are processors, and as memory has room for, are in memory
    /// at a time.
    ///
    /// - Returns: The values, and how many pairs were left out.
    /// - Throws: The error of the first pair that has another one, or where no value is left;
    ///   ``CommandFailure`` where a pair does not fit the memory.
    func values<Value: Sendable>(
        _ work: PartProgress?, _ value: @Sendable (SampleImage, SampleImage) throws -> Value
    ) throws -> (values: [Value], damaged: Int) {
        let state = Mutex(Progress<Value>(total: pairs.count))
        DispatchQueue.concurrentPerform(iterations: try workers()) { _ in
            while let index = state.withLock({ $0.next() }) {
                let result = Result { try self.value(of: index, value) }
                state.withLock { $0.record(result, at: index, work) }
            }
        }
        var (values, damaged) = ([Value](), [ImageFileError]())
        for case let result? in state.withLock({ $0.results }) {
            do { values.append(try result.get()) } catch let error as ImageFileError {
                damaged.append(error)
            }
        }
        if values.isEmpty, let first = damaged.first { throw first }
        let skipped = damaged.map { SkippedFile(file: $0.path, reason: $0.reason) }
        if let sentence = skipped.note(besides: values.count, of: "pairs") {
            if let work { work.note(sentence) } else { note(sentence) }
        }
        return (values, damaged.count)
    }

    private func value<Value>(
        of index: Int, _ value: (SampleImage, SampleImage) throws -> Value
    ) throws -> Value {
        let (x, y) = pairs[index]
        return try value(
            sides.a.reading { _ in try first.image(x, channels) },
            sides.b.reading { _ in try second.image(y, channels) })
    }

    /// How far the work on pairs is.
    private struct Progress<Value: Sendable> {
        var results: [Result<Value, any Error>?]
        private var started = 0
        private var done = 0
        private var hasFailed = false

        init(total: Int) { results = Array(repeating: nil, count: total) }

        /// The next pair; nil at the end and after an error that ends the work.
        mutating func next() -> Int? {
            guard started < results.count, !hasFailed else { return nil }
            started += 1
            return started - 1
        }

        mutating func record(
            _ result: Result<Value, any Error>, at index: Int, _ work: PartProgress?
        ) {
            results[index] = result
            done += 1
            if case .failure(let error) = result, !(error is ImageFileError) { hasFailed = true }
            work?(
                Double(done) / Double(results.count),
                "\(done) of \(results.count) pairs of images compared")
        }
    }

    /// Bytes for each pixel of a pair: both images, and the maps of the measure that has most.
    private static let bytesPerPixel = 200

    /// How many pairs may be in memory at a time.
    private func workers() throws -> Int {
        let pixels = max(first.largestArea, second.largestArea)
        let (bytes, isTooLarge) = pixels.multipliedReportingOverflow(by: Self.bytesPerPixel)
        let room = WorkingMemory.available
        guard !isTooLarge, bytes <= room.bytes else {
            throw CommandFailure(
                "images of \(pixels) pixels need about "
                    + "\((isTooLarge ? Int.max : bytes).asBytes) to be compared, and "
                    + "\(room.bytes.asBytes) are free; give smaller images")
        }
        let processors = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(processors, pairs.count, room.bytes / max(1, bytes)))
    }

    /// Images without a partner that a note names; it counts the others.
    private static let namedImages = 3

    private static func sentence(on unpaired: [String]) -> String? {
        guard !unpaired.isEmpty else { return nil }
        let others = unpaired.count - namedImages
        let names = unpaired.prefix(namedImages) + (others > 0 ? ["\(others) more"] : [])
        return
            (unpaired.count == 1
            ? "1 image has no partner of its name"
            : "\(unpaired.count) images have no partner of "
                + "their name") + " (\(names.joined(separator: ", ")))"
    }
}
