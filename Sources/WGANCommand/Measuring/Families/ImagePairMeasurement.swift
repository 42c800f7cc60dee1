import Datasets
import Dispatch
import Evaluation
import Runs
import StrictYAML
import Synchronization

/// The measures of image pairs: how alike two pictures are.
struct ImagePairMeasurement: Measurement {
    private let measure: any ImageMeasure

    static var all: [any Measurement] {
        MeasureCatalogue.imageMeasures.map { ImagePairMeasurement(measure: $0) }
    }

    var name: String { measure.description.name }
    var inputs: String { "images, or folders of them paired by name" }
    var summary: String { measure.description.summary }
    var better: MeasureDescription.Direction { measure.description.better }
    var options: Set<MeasureOption> { [.count, .layout, .range, .data] }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let reader = SampleReader(options: request.options, takesImages: true)
        let (a, b) = (request.sideA, try request.sideB())
        try reader.requireArrays(among: [a.place, b.place])
        let first = try a.reading { try ImageCollection($0, reader) }
        let second = try b.reading { try ImageCollection($0, reader.ofSecondSide) }
        let (all, unpaired) = try ImageCollection.pairs(first, second)
        let pairs = Array(all.prefix(request.options.count ?? all.count))
        if let sentence = Self.sentence(on: unpaired) { note(sentence) }
        let channels = first.hasColour || second.hasColour ? 3 : 1
        let (values, skipped) = try Self.values(pairs.count) { index in
            let (x, y) = pairs[index]
            return try measure.value(
                a.reading { _ in try first.image(x, channels) },
                b.reading { _ in try second.image(y, channels) })
        }
        if let sentence = skipped.note(besides: values.count, of: "pairs") { note(sentence) }
        let mean = values.reduce(0, +) / Double(values.count)
        var details: [(name: String, value: JSONValue)] = [
            ("pairs", .integer(values.count)), ("convention", .text(measure.description.source)),
        ]
        let facts = [("a", first.facts), ("b", second.facts)].compactMap { name, facts in
            facts.map { (name: name, value: $0) }
        }
        details += facts
        let precision = facts.isEmpty ? "float64" : "pixels float32, measure float64"
        details.append(("arithmetic", .text(precision)))
        if values.count > 1 {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
            details += [("standardError", .number(error)), ("perPair", .numbers(values))]
        }
        if !unpaired.isEmpty { details.append(("unpaired", .integer(unpaired.count))) }
        if !skipped.isEmpty { details.append(("damaged", .integer(skipped.count))) }
        return MeasureResult(metric: name, value: .number(mean), details: details)
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

    /// Values computed side by side, in order, without those of files that cannot be decoded.
    ///
    /// - Throws: The error of the first that has another one, or where no value is left.
    private static func values(
        _ count: Int, _ value: @Sendable (Int) throws -> Double
    ) throws -> (values: [Double], skipped: [SkippedFile]) {
        let results = Mutex([Result<Double, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { try value(index) }
            results.withLock { $0[index] = result }
        }
        var (values, damaged) = ([Double](), [ImageFileError]())
        for result in results.withLock({ $0 }) {
            do {
                if let value = try result?.get() { values.append(value) }
            } catch let error as ImageFileError {
                damaged.append(error)
            }
        }
        if values.isEmpty, let first = damaged.first { throw first }
        return (values, damaged.map { SkippedFile(file: $0.path, reason: $0.reason) })
    }
}
