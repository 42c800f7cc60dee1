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
}
