import ArgumentParser
import ArrayFiles
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
        layout = try Self.layout(of: file.shape, place, options.layout)
        guard let axes = layout.axes(of: file.shape) else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), with \(file.shape.count) axes; give a "
                    + "--layout of as many letters in place of \(layout)")
        }
        guard [1, 3].contains(axes.shape[3]) else {
            throw CommandFailure(
                "\(place) has \(axes.shape[3]) channels by the layout \(layout); give images with "
                    + "1 "
                    + "or 3, or another --layout")
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
        let examples =
            switch shape.count {
            case 4: "NHWC or NCHW"
            case 3: "HWC or CHW for one image, NHW for grey ones"
            default: "HW for one grey image"
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

    /// The first images alone.
    func prefix(_ count: Int) -> ImageArray {
        var copy = self
        copy.shape[0] = min(count, shape[0])
        copy.pixels = Array(pixels.prefix(copy.shape[0] * size))
        return copy
    }
}

/// What the axes of an array of images stand for, such as `NHWC`: number, height, width, channels.
struct ArrayLayout: Equatable, ExpressibleByArgument, CustomStringConvertible {
    /// Some of the letters N, H, W and C, with H and W among them, each once.
    let description: String

    static let nhwc = ArrayLayout(letters: "NHWC")
    private static let nchw = ArrayLayout(letters: "NCHW")
    private static let nhw = ArrayLayout(letters: "NHW")

    private init(letters: String) { description = letters }

    init?(argument: String) {
        let letters = argument.uppercased()
        let found = Set(letters)
        guard found.count == letters.count, found.isSubset(of: "NHWC"), found.isSuperset(of: "HW")
        else { return nil }
        self.init(letters: letters)
    }

    /// The only layout that an array's shape allows.
    ///
    /// Channels are 1 or 3. An array of three axes whose last one is as short may be one image with
    /// channels or many narrow ones; only the user knows.
    ///
    /// - Returns: Nil where there is none, or more than one.
    static func recognised(in shape: [Int]) -> ArrayLayout? {
        func mayBeChannels(_ axis: Int) -> Bool { [1, 3].contains(shape[axis]) }
        switch shape.count {
        case 4:
            return switch (mayBeChannels(1), mayBeChannels(3)) {
            case (false, true): .nhwc
            case (true, false): .nchw
            default: nil
            }
        // One image with one channel first is one image without channels, too.
        case 3: return mayBeChannels(2) || shape[0] == 3 ? nil : .nhw
        default: return nil
        }
    }

    /// How an array of this layout is read.
    struct Axes {
        /// `[N, H, W, C]`, 1 for what the layout lacks.
        let shape: [Int]
        /// How far apart neighbours lie along each of them.
        let strides: [Int]
    }

    /// The axes of an array in this layout; nil for another number of axes.
    func axes(of shape: [Int]) -> Axes? {
        let letters = Array(description)
        guard letters.count == shape.count else { return nil }
        let places = "NHWC".map { letters.firstIndex(of: $0) }
        return Axes(
            shape: places.map { $0.map { shape[$0] } ?? 1 },
            strides: places.map { $0.map { shape[($0 + 1)...].reduce(1, *) } ?? 0 })
    }
}

/// Points of an array: its first axis counts them, all others together are their coordinates.
struct SampleArray {
    /// N, and the extents of one sample in the file.
    private(set) var shape: [Int]
    /// The coordinates in double precision, `[N, …]`.
    private(set) var values: [Double]

    /// Reads an array as points; a list is points of one coordinate.
    init(_ file: ArrayFile) throws {
        shape = file.shape.isEmpty ? [1] : file.shape
        if shape.count == 1 { shape.append(1) }
        values = try file.doubles()
    }

    /// How many coordinates a point has.
    var dimensions: Int { shape.dropFirst().reduce(1, *) }

    /// The first points alone.
    func prefix(_ count: Int) -> SampleArray {
        var copy = self
        copy.shape[0] = min(count, shape[0])
        copy.values = Array(values.prefix(copy.shape[0] * dimensions))
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
