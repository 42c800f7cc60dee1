import Datasets
import Evaluation
import Foundation
import OptimalTransport

/// One side of a comparison: images as bytes, or rows of numbers.
struct Samples {
    /// What the user called it.
    let source: String
    /// The part of a data set, where that is known.
    var split: String?
    let content: Content

    enum Content {
        /// Images `[N, H, W, C]` as they were published or decoded.
        case images(ImageSet)
        /// Numbers `[N, …]`; those of images are in −1…1.
        case array(SampleArray)
    }

    /// How many samples there are.
    var count: Int {
        switch content {
        case .images(let images): images.count
        case .array(let array): array.shape.first ?? 1
        }
    }

    /// The extents of one sample.
    var sampleShape: [Int] {
        switch content {
        case .images(let images): [images.height, images.width, images.channels]
        case .array(let array): Array(array.shape.dropFirst())
        }
    }

    /// Whether a sample is an image `[H, W, C]`.
    var areImages: Bool {
        let shape = sampleShape
        return shape.count == 3 && [1, 3].contains(shape[2])
    }

    /// All numbers `[N, …]`, those of images in −1…1.
    var values: [Float] {
        switch content {
        case .images(let images): images.scaled(Array(0..<images.count))
        case .array(let array): array.values
        }
    }

    /// Each sample as a row of numbers, pixels of images in 0…1.
    func rows() throws -> FeatureMatrix {
        try SampleArray.check([count] + sampleShape, source)
        return try FeatureMatrix(
            areImages ? values.map { $0 * 0.5 + 0.5 } : values, dimensions: dimensions)
    }

    /// Each sample as a point, pixels of images in 0…1.
    ///
    /// - Parameter weights: A file of weights, or nil for equal ones.
    func measure(weights: String?) throws -> DiscreteMeasure {
        try SampleArray.check([count] + sampleShape, source)
        let points = areImages ? values.map { $0 * 0.5 + 0.5 } : values
        guard let weights else { return try DiscreteMeasure(points, dimensions: dimensions) }
        return try DiscreteMeasure(
            points, dimensions: dimensions, weights: SampleArray.list(at: weights))
    }

    private var dimensions: Int { sampleShape.reduce(1, *) }

    /// What results say about this side.
    var facts: JSONValue {
        var members: [String: JSONValue] = [
            "source": .text(source), "count": .integer(count),
            "shape": .list(sampleShape.map { .integer($0) }),
        ]
        if let split { members["split"] = .text(split) }
        return .object(members)
    }
}
