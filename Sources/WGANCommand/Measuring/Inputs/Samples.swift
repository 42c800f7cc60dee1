import ArrayFiles
import Datasets
import Evaluation
import Foundation
import OptimalTransport
import Runs

/// One side of a comparison: images, or points.
struct Samples {
    /// What the user called it.
    let source: String
    /// The part of a data set, where that is known.
    var split: String?
    let content: Content
    /// How some of more samples were chosen; nil for all of them.
    var choice: Choice?

    /// A choice of some samples.
    struct Choice {
        let seed: UInt64
        /// The numbers of those chosen, ascending.
        let rows: [Int]
        /// How many there were.
        let count: Int
    }

    enum Content {
        /// Images `[N, H, W, C]` as they were published or decoded.
        case images(ImageSet)
        /// Images of an array.
        case array(ImageArray)
        /// Points of an array, as they are in the file.
        case points(SampleArray)
    }

    /// How many samples there are.
    var count: Int {
        switch content {
        case .images(let images): images.count
        case .array(let images): images.count
        case .points(let points): points.shape[0]
        }
    }

    /// The extents of one sample: `[H, W, C]` of images.
    var sampleShape: [Int] {
        switch content {
        case .images(let images): [images.height, images.width, images.channels]
        case .array(let images): Array(images.shape.dropFirst())
        case .points(let points): Array(points.shape.dropFirst())
        }
    }

    /// Each sample as a row of numbers, pixels of images in 0…1.
    func rows() throws -> FeatureMatrix {
        if case .points(let points) = content { return try points.rows() }
        return try FeatureMatrix(numbers(), dimensions: dimensions)
    }

    /// Each sample as a point, pixels of images in 0…1.
    ///
    /// - Parameter weights: A file of weights, one for each sample that there was before a choice
    ///   of some; nil for equal ones.
    func measure(weights: String?) throws -> DiscreteMeasure {
        let points = try numbers()
        guard let list = try self.weights(at: weights) else {
            return try DiscreteMeasure(points, dimensions: dimensions)
        }
        return try DiscreteMeasure(points, dimensions: dimensions, weights: list)
    }

    /// The weights of these samples as they are in a file of all that there were before a choice;
    /// nil without a file.
    func weights(at place: String?) throws -> [Double]? {
        guard let place else { return nil }
        let list = try SampleArray.list(at: place)
        guard let choice else { return list }
        guard list.count == choice.count else {
            throw TransportError.weightCount(nil, found: list.count, points: choice.count)
        }
        return choice.rows.map { list[$0] }
    }

    private func numbers() throws -> [Double] {
        switch content {
        case .images(let images):
            let (count, overflow) = images.count.multipliedReportingOverflow(by: images.imageSize)
            guard !overflow, count <= ArrayLimits.doubles else {
                throw ArrayFailure.count(count, path: source)
            }
            return images.pixels.map { Double($0) / 255 }
        case .array(let images): return images.intensities
        case .points(let points): return points.values
        }
    }

    private var dimensions: Int { sampleShape.reduce(1, *) }

    /// What results say about this side.
    var facts: JSONValue {
        var members: [String: JSONValue] = [
            "source": .text(source), "count": .integer(count),
            "shape": .list(sampleShape.map { .integer($0) }),
        ]
        if let split { members["split"] = .text(split) }
        if let choice {
            members["chosen"] = .text("by seed \(choice.seed) of \(choice.count)")
        }
        switch content {
        case .images: break
        case .array(let images):
            members["layout"] = .text(images.layout.description)
            members["range"] = .list(
                [images.range.lowerBound, images.range.upperBound].map { .number(Double($0)) })
        case .points(let points): members["coordinates"] = .integer(points.dimensions)
        }
        return .object(members)
    }

    /// In which precision a measure of these samples' own numbers is computed.
    static func arithmetic(of sides: [Samples]) -> JSONValue {
        let hasPixels = sides.contains { if case .array = $0.content { true } else { false } }
        return .text(hasPixels ? "pixels float32, measure float64" : "float64")
    }

    /// So many samples alone, chosen at random; itself where there are no more.
    func choosing(_ wanted: Int, seed: UInt64) throws -> Samples {
        guard wanted < count else { return self }
        let rows = try SampleChoice.numbers(wanted, of: count, seed: seed).sorted()
        let some: Content =
            switch content {
            case .array(let images): .array(images.selecting(rows))
            case .points(let points): .points(points.selecting(rows))
            case .images(let images):
                .images(
                    try ImageSet(
                        height: images.height, width: images.width, channels: images.channels,
                        pixels: rows.flatMap { images[$0].pixels }))
            }
        return Samples(
            source: source, split: split, content: some,
            choice: Choice(seed: seed, rows: rows, count: count))
    }
}
