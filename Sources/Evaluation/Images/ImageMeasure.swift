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
