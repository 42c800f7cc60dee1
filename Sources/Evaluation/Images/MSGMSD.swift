/// Multi-scale gradient magnitude similarity deviation.
///
/// ``GMSD`` with masking at four resolutions, from the full one down, as a weighted root mean
/// square.
///
/// Source: Zhang, Sander and Bovik 2017, "Gradient magnitude similarity deviation on multiple
/// scales for color image quality assessment", ICASSP.
public struct MSGMSD: ImageMeasure {
    static let weights = [0.096, 0.596, 0.289, 0.019]
    static let masking = 0.5

    /// The multi-scale measure; it has no settings.
    public init() {}

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ms-gmsd", title: "MS-GMSD", input: .imagePairs, better: .lower, range: 0...1,
            summary: "GMSD over four resolutions; 0 for identical images",
            source: "Zhang et al. 2017, convention of piqa 1.1.3")
    }

    /// Two pixels must be left at an eighth of the resolution.
    public var smallestSize: SmallestImageSize { SmallestImageSize(1, 9) }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        var (x, y, sum) = (pair.x.luminance, pair.y.luminance, 0.0)
        for (scale, weight) in Self.weights.enumerated() {
            if scale > 0 { (x, y) = (x.pooled(2), y.pooled(2)) }
            let deviation = gradientSimilarity(
                x, y, constant: gradientConstant, masking: Self.masking
            ).standardDeviation(correction: 1)
            sum += weight * deviation * deviation
        }
        return sum.squareRoot()
    }
}
