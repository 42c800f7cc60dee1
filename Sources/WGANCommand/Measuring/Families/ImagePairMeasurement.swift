import Dispatch
import Evaluation
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

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let reader = SampleReader(options: request.options)
        let first = try ImageCollection(request.first, reader)
        let second = try ImageCollection(request.requiredSecond(), reader)
        let (all, unpaired) = try ImageCollection.pairs(first, second)
        let pairs = Array(all.prefix(request.options.count ?? all.count))
        if unpaired > 0 { note("\(unpaired) images have no partner of their name") }
        let channels = first.hasColour || second.hasColour ? 3 : 1
        let values = try Self.values(pairs.count) { index in
            let (x, y) = pairs[index]
            return try measure.value(first.image(x, channels), second.image(y, channels))
        }
        let mean = values.reduce(0, +) / Double(values.count)
        var details: [(name: String, value: JSONValue)] = [
            ("pairs", .integer(values.count)), ("convention", .text(measure.description.source)),
            ("arithmetic", .text("float64")),
        ]
        if values.count > 1 {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
            details += [("standardError", .number(error)), ("perPair", .numbers(values))]
        }
        if unpaired > 0 { details.append(("unpaired", .integer(unpaired))) }
        return MeasureResult(metric: name, value: .number(mean), details: details)
    }

    /// Values computed side by side, in order; the error of the first that has one.
    private static func values(
        _ count: Int, _ value: @Sendable (Int) throws -> Double
    ) throws -> [Double] {
        let results = Mutex([Result<Double, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { try value(index) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}
