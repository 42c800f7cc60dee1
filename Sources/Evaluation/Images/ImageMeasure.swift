/// A measure of how alike two images are.
///
/// All follow the package piqa 1.1.3 in double precision (the convention "PIQA113"), unless they
/// say otherwise: published implementations differ in the third digit.
public protocol ImageMeasure: Sendable {
    /// Name, direction, range and source.
    var description: MeasureDescription { get }
    /// The smallest images that it can measure.
    var smallestSize: SmallestImageSize { get }
    /// Whether grey images are refused.
    var needsColour: Bool { get }

    /// The measure of two images whose sizes have been checked.
    func value(ofChecked pair: ImagePair) -> Double
}

extension ImageMeasure {
    /// One pixel is enough.
    public var smallestSize: SmallestImageSize { SmallestImageSize(1) }

    /// Grey images are welcome.
    public var needsColour: Bool { false }

    /// The measure of two images.
    ///
    /// - Parameters:
    ///   - x: Any image; for ``MDSI`` the distorted or generated one.
    ///   - y: An image of the same size; for ``MDSI`` the reference.
    /// - Throws: ``SampleImageError`` when the sizes differ or do not suit the measure.
    public func value(_ x: SampleImage, _ y: SampleImage) throws -> Double {
        value(ofChecked: try ImagePair(x, y, for: self))
    }

    /// The measure of each pair of two batches; images at the same position make a pair.
    ///
    /// - Throws: ``SampleImageError`` when the batches differ in number or size, or do not suit.
    public func values(_ x: SampleImages, _ y: SampleImages) throws -> ImageMeasurement {
        guard x.count == y.count else {
            throw SampleImageError.countsDiffer(first: x.count, second: y.count)
        }
        let pairs = try zip(x.images, y.images).map { try ImagePair($0, $1, for: self) }
        var perImage = [Double](repeating: 0, count: pairs.count)
        perImage.withUnsafeMutableBufferPointer { perImage in
            nonisolated(unsafe) let perImage = perImage
            Parallel.forEachBlock(of: pairs.count, size: 1) { index, _ in
                perImage[index] = value(ofChecked: pairs[index])
            }
        }
        return ImageMeasurement(measure: description, perImage: perImage)
    }
}

/// A measure of all pairs of two batches.
public struct ImageMeasurement: Sendable, Equatable {
    /// What was measured.
    public let measure: MeasureDescription
    /// The value of each pair, in order.
    public let perImage: [Double]
    /// Their mean.
    public var mean: Double { perImage.mean }
}

/// Two images of one size, large enough for the measure that receives them.
public struct ImagePair: Sendable {
    /// The first image; which one that is matters to ``MDSI`` only.
    public let x: SampleImage
    /// The second image.
    public let y: SampleImage

    /// - Throws: ``SampleImageError`` when the sizes differ or do not suit the measure.
    init(_ x: SampleImage, _ y: SampleImage, for measure: some ImageMeasure) throws {
        guard x.shape == y.shape else {
            throw SampleImageError.shapesDiffer(first: x.shape, second: y.shape)
        }
        guard measure.smallestSize.admits(x.shape) else {
            throw SampleImageError.tooSmall(
                measure: measure.description.title, found: x.shape,
                smallest: measure.smallestSize)
        }
        if measure.needsColour, x.channels == 1 {
            throw SampleImageError.needsColour(measure: measure.description.title)
        }
        self.x = x
        self.y = y
    }

    /// The planes of both images that belong together: all channels, or the brightness alone.
    func planes(areChromatic: Bool) -> [(x: Plane, y: Plane)] {
        areChromatic
            ? zip(x.planes, y.planes).map { ($0, $1) } : [(x.luminance, y.luminance)]
    }
}

/// The smallest images that a measure can deal with.
public struct SmallestImageSize: Sendable, Hashable, CustomStringConvertible {
    /// The least that the shorter side must have, in pixels.
    public let shorterSide: Int
    /// The least that the longer side must have, in pixels.
    public let longerSide: Int

    /// A least size for both sides, or for each.
    public init(_ shorterSide: Int, _ longerSide: Int? = nil) {
        self.shorterSide = shorterSide
        self.longerSide = longerSide ?? shorterSide
    }

    /// The size in words.
    public var description: String {
        shorterSide == longerSide
            ? "\(shorterSide)×\(longerSide)"
            : "\(shorterSide)×\(longerSide) or \(longerSide)×\(shorterSide)"
    }

    func admits(_ shape: ImageShape) -> Bool {
        min(shape.height, shape.width) >= shorterSide
            && max(shape.height, shape.width) >= longerSide
    }
}

/// The size of an image.
public struct ImageShape: Sendable, Hashable, CustomStringConvertible {
    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int

    /// Height × width × channels.
    public var description: String { "\(height)×\(width)×\(channels)" }

    /// How many samples an image has; only after ``check()``.
    var count: Int { height * width * channels }

    /// Throws unless an image can have this shape.
    func check() throws {
        let (area, tooTall) = height.multipliedReportingOverflow(by: width)
        let (_, tooDeep) = area.multipliedReportingOverflow(by: channels)
        guard height > 0, width > 0, [1, 3].contains(channels), !tooTall, !tooDeep else {
            throw SampleImageError.shape(self)
        }
    }
}
