/// An image as the measures see it: samples in 0…1, in double precision.
public struct SampleImage: Sendable, Equatable {
    /// H in pixels, 1 or more.
    public let height: Int
    /// W in pixels, 1 or more.
    public let width: Int
    /// One plane for grey, three for red, green and blue.
    public let planes: [Plane]

    /// 1 for grey, 3 for colour.
    public var channels: Int { planes.count }

    /// Height, width and channels.
    public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }

    /// A sample in 0…1.
    public subscript(row: Int, column: Int, channel: Int) -> Double {
        planes[channel].values[row * width + column]
    }

    /// An image of given samples.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1 or more.
    ///   - width: In pixels, 1 or more.
    ///   - channels: 1 for grey, 3 for red, green and blue.
    ///   - samples: Row-major `[H, W, C]`, channels last, each in `range`.
    ///   - range: What black and full intensity are, such as 0…1 or −1…1; mapped to 0…1.
    /// - Throws: ``SampleImageError`` when the numbers do not fit the shape, or one is NaN or out
    ///   of range.
    public init<Scalar: BinaryFloatingPoint>(
        height: Int, width: Int, channels: Int, samples: [Scalar],
        range: ClosedRange<Double> = 0...1
    ) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        try Self.check(shape, samples.count)
        let (low, extent) = (range.lowerBound, range.upperBound - range.lowerBound)
        guard extent > 0, extent.isFinite else { throw SampleImageError.range(range) }
        let numbers = Self.doubles(samples)
        if let index = numbers.firstIndex(where: { !range.contains($0) }) {
            let pixel = index / channels
            throw SampleImageError.outOfRange(
                place: [pixel / width, pixel % width, index % channels], found: numbers[index],
                range: range)
        }
        self.init(
            planes: numbers.withUnsafeBufferPointer { numbers in
                Self.planes(shape) { (numbers[$0] - low) / extent }
            })
    }

    /// An image of bytes, where 255 is full intensity.
    ///
    /// - Parameters: As ``init(height:width:channels:samples:range:)``.
    /// - Throws: ``SampleImageError`` when the bytes do not fit the shape.
    public init(height: Int, width: Int, channels: Int, bytes: [UInt8]) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        try Self.check(shape, bytes.count)
        let levels = (0...255).map { Double($0) / 255 }
        self.init(
            planes: bytes.withUnsafeBufferPointer { bytes in
                Self.planes(shape) { levels[Int(bytes[$0])] }
            })
    }

    /// An image of planes that are known to be valid.
    init(planes: [Plane]) {
        height = planes[0].height
        width = planes[0].width
        self.planes = planes
    }

    private static func check(_ shape: ImageShape, _ sampleCount: Int) throws {
        try shape.check()
        guard sampleCount == shape.count else {
            throw SampleImageError.sampleCount(found: sampleCount, shape: shape)
        }
    }

    /// The samples in double precision; the usual types without a call for each sample.
    private static func doubles<Scalar: BinaryFloatingPoint>(_ samples: [Scalar]) -> [Double] {
        switch samples {
        case let samples as [Double]: samples
        case let samples as [Float]: samples.map { Double($0) }
        default: samples.map { Double($0) }
        }
    }

    /// A plane for each channel, of samples that lie channels last.
    @inline(__always)
    private static func planes(_ shape: ImageShape, _ sample: (Int) -> Double) -> [Plane] {
        let pixels = shape.height * shape.width
        return (0..<shape.channels).map { channel in
            let values = [Double](unsafeUninitializedCapacity: pixels) { values, count in
                for pixel in 0..<pixels {
                    values[pixel] = sample(pixel * shape.channels + channel)
                }
                count = pixels
            }
            return Plane(height: shape.height, width: shape.width, values: values)
        }
    }
}

/// Why images cannot be measured.
public enum SampleImageError: Error, Equatable, CustomStringConvertible {
    /// A batch without images.
    case noImages
    /// A shape that no image has.
    case shape(ImageShape)
    /// A number of samples that does not make whole images.
    case sampleCount(found: Int, shape: ImageShape)
    /// A range that is empty or not finite.
    case range(ClosedRange<Double>)
    /// A sample that is NaN or out of range; the place is row, column and channel.
    case outOfRange(place: [Int], found: Double, range: ClosedRange<Double>)
    /// An image of a batch that differs in size from the first.
    case unequalShapes(index: Int, found: ImageShape, expected: ImageShape)
    /// Two images or batches to be compared that differ in size.
    case shapesDiffer(first: ImageShape, second: ImageShape)
    /// Two batches to be compared image by image that differ in number.
    case countsDiffer(first: Int, second: Int)
    /// Images too small for a measure.
    case tooSmall(measure: String, found: ImageShape, smallest: SmallestImageSize)
    /// Grey images given to a measure of colour.
    case needsColour(measure: String)
    /// Weights of scales that cannot be used.
    case scaleWeights([Double])
    /// A window of similarities that cannot be used.
    case window(size: Int, deviation: Double)
    /// A report over no pair, because the last one is dropped.
    case noPairs

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .noImages:
            "There are no images to measure; give at least one."
        case .shape(let shape):
            "No image has the shape \(shape) (height×width×channels); give 1 or more pixels "
                + "each way and 1 or 3 channels."
        case .sampleCount(let found, let shape):
            "\(found) samples do not make whole images of \(shape) (height×width×channels); "
                + "give a sample for every pixel and channel."
        case .range(let range):
            "Samples cannot range from \(range.lowerBound) to \(range.upperBound); "
                + "give two different finite numbers, such as 0 and 1."
        case .outOfRange(let place, let found, let range):
            "The sample \(found) at row \(place[0]), column \(place[1]), channel \(place[2]) is "
                + "outside \(range.lowerBound)…\(range.upperBound); name the range that the "
                + "samples have or clamp them."
        case .noPairs:
            "No pair of images is left to compare; give two pairs where the last one is dropped."
        default: comparisonDescription
        }
    }

    private var comparisonDescription: String {
        switch self {
        case .unequalShapes(let index, let found, let expected):
            "Image \(index) is \(found) (height×width×channels) but the first is \(expected); "
                + "give images of one size."
        case .shapesDiffer(let first, let second):
            "Images of \(first) and \(second) (height×width×channels) cannot be compared; "
                + "bring them to one size and one number of channels."
        case .countsDiffer(let first, let second):
            "\(first) images cannot be paired with \(second); give the same number on both sides."
        case .tooSmall(let measure, let found, let smallest):
            "Images of \(found.height)×\(found.width) pixels are too small for \(measure); "
                + "give at least \(smallest)."
        case .needsColour(let measure):
            "\(measure) compares colours but the images are grey; "
                + "give images with 3 channels or choose another measure."
        case .scaleWeights(let weights):
            "\(weights.prefix(20)) are not weights of scales; give from 1 to "
                + "\(MSSSIM.maximumScales) finite numbers, 0 or more."
        case .window(let size, let deviation):
            "A window of \(size) pixels with the standard deviation \(deviation) cannot be used; "
                + "give an odd size from \(SimilarityWindow.sizes.lowerBound) to "
                + "\(SimilarityWindow.sizes.upperBound) and a positive deviation."
        default: "The images cannot be measured; check their sizes and samples."
        }
    }
}
