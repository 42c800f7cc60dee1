import ArrayFiles
import Evaluation
import Foundation

/// Images of an array, with what its axes and numbers mean.
struct ImageArray {
    /// N, H, W and C; C is 1 or 3.
    private(set) var shape: [Int]
    /// The numbers as they are in the file, `[N, H, W, C]`.
    private(set) var pixels: [Float]
    /// What black and full intensity are; all numbers lie within.
    let range: ClosedRange<Float>
    /// What the axes were in the file.
    let layout: ArrayLayout

    /// How many images there are.
    var count: Int { shape[0] }
    /// Numbers of an image.
    var size: Int { shape[1] * shape[2] * shape[3] }

    /// Reads an array as images.
    ///
    /// - Parameter side: 0 for A, 1 for B.
    /// - Throws: ``CommandFailure`` where layout or range are neither given nor plain to see.
    init(_ file: ArrayFile, _ place: String, _ options: MeasureOptions, side: Int) throws {
        layout = try Self.layout(of: file.shape, place, options.layout?[side])
        guard let axes = layout.axes(of: file.shape) else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), with \(file.shape.count) axes; give a "
                    + "--layout of as many letters in place of \(layout)")
        }
        guard [1, 3].contains(axes.shape[3]) else {
            throw CommandFailure(
                "\(place) has \(axes.shape[3]) channels by the layout \(layout); give images with "
                    + "1 or 3, or another --layout")
        }
        shape = axes.shape
        let values = try file.floats()
        range = try Self.range(of: file.elementType, values, place, options.pixelRange(side))
        pixels =
            layout == .nhwc || values.isEmpty
            ? values : TensorLayout.strided(values, shape: axes.shape, strides: axes.strides)
    }

    private static func layout(
        of shape: [Int], _ place: String, _ given: ArrayLayout?
    ) throws -> ArrayLayout {
        if let layout = given ?? ArrayLayout.recognised(in: shape) { return layout }
        guard let examples = ArrayLayout.examples(axes: shape.count) else {
            throw CommandFailure(
                "\(place) has the shape \(shape), and images have two axes to four; save them in "
                    + "another shape")
        }
        throw CommandFailure(
            "\(place) has the shape \(shape), which does not tell what its axes are; give "
                + "--layout, such as \(examples)")
    }

    /// The range that was given, or the only one that numbers of this type can have.
    private static func range(
        of type: ElementType, _ values: [Float], _ place: String, _ given: ClosedRange<Float>?
    ) throws -> ClosedRange<Float> {
        // No images are refused elsewhere, whatever their range.
        guard !values.isEmpty else { return given ?? 0...1 }
        var (low, high) = (Float.infinity, -Float.infinity)
        for value in values {
            guard !value.isNaN else {
                throw CommandFailure("\(place) holds a number that is none (NaN); remove it")
            }
            (low, high) = (min(low, value), max(high, value))
        }
        let remedy = "give --range, what black and white are, such as 0,1, -1,1 or 0,255"
        let range: ClosedRange<Float>
        switch type {
        case _ where given != nil: range = given ?? 0...1
        case .uint8: range = 0...255
        case .bool: range = 0...1
        case _ where type.isFloatingPoint && low < 0: range = -1...1
        default:
            throw CommandFailure(
                "\(place) holds numbers from \(low) to \(high), which fit more than one range; "
                    + remedy)
        }
        guard range.contains(low), range.contains(high) else {
            let (first, last) = (range.lowerBound, range.upperBound)
            throw CommandFailure(
                "\(place) holds numbers from \(low) to \(high), outside \(first)…\(last); \(remedy)"
            )
        }
        return range
    }

    /// All numbers in −1…1, `[N, H, W, C]`.
    var scaled: [Float] {
        guard range != -1...1 else { return pixels }
        let half = (range.upperBound - range.lowerBound) / 2
        return pixels.map { ($0 - range.lowerBound) / half - 1 }
    }

    /// All numbers in 0…1, `[N, H, W, C]`.
    var intensities: [Double] {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return pixels.map { (Double($0) - low) / (high - low) }
    }

    /// Some images alone, in the given order.
    func selecting(_ rows: [Int]) -> ImageArray {
        var copy = self
        copy.shape[0] = rows.count
        copy.pixels = rows.flatMap { pixels[$0 * size..<($0 + 1) * size] }
        return copy
    }
}

/// Points of an array: its first axis counts them, all others together are their coordinates.
struct SampleArray {
    /// N, and the extents of one sample in the file.
    private(set) var shape: [Int]
    /// The coordinates, `[N, …]`.
    private var coordinates: Coordinates

    /// In single precision where the file's numbers fit, which halves the memory.
    private enum Coordinates {
        case singles([Float])
        case doubles([Double])
    }

    /// Reads an array as points; a list is points of one coordinate.
    init(_ file: ArrayFile) throws {
        shape = file.shape.isEmpty ? [1] : file.shape
        if shape.count == 1 { shape.append(1) }
        coordinates =
            file.elementType.fitsSinglePrecision
            ? .singles(try file.floats()) : .doubles(try file.doubles())
    }

    /// How many coordinates a point has.
    var dimensions: Int { shape.dropFirst().reduce(1, *) }

    /// The coordinates in double precision, `[N, …]`.
    var values: [Double] {
        switch coordinates {
        case .singles(let values): values.map { Double($0) }
        case .doubles(let values): values
        }
    }

    /// The points as rows.
    func rows() throws -> FeatureMatrix {
        switch coordinates {
        case .singles(let values): try FeatureMatrix(values, dimensions: dimensions)
        case .doubles(let values): try FeatureMatrix(values, dimensions: dimensions)
        }
    }

    /// Some points alone, in the given order.
    func selecting(_ rows: [Int]) -> SampleArray {
        var copy = self
        copy.shape[0] = rows.count
        func taken<Scalar>(_ values: [Scalar]) -> [Scalar] {
            rows.flatMap { values[$0 * dimensions..<($0 + 1) * dimensions] }
        }
        switch coordinates {
        case .singles(let values): copy.coordinates = .singles(taken(values))
        case .doubles(let values): copy.coordinates = .doubles(taken(values))
        }
        return copy
    }

    /// The numbers of a file as one list, for weights and histograms.
    ///
    /// - Throws: ``CommandFailure`` unless all axes but one have the extent 1.
    static func list(at place: String) throws -> [Double] {
        let file = try ArrayFile(at: place)
        guard file.shape.filter({ $0 != 1 }).count <= 1 else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), not one list of numbers; give one column "
                    + "or one row")
        }
        return try file.doubles()
    }
}
