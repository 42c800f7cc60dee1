/// Gradient magnitude similarity deviation.
///
/// How unevenly the edges of two images agree: the standard deviation (divisor n − 1) over pixels
/// of the similarity of gradient magnitudes, at half resolution.
///
/// Source: Xue, Zhang, Mou and Bovik 2014, arXiv:1308.3052.
public struct GMSD: ImageMeasure {
    /// The gradient magnitude similarity deviation; it has no settings.
    public init() {}

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "gmsd", title: "GMSD", input: .imagePairs, better: .lower, range: 0...1,
            summary: "unevenness of edge agreement; 0 for identical images",
            source: "Xue et al. 2014, convention of piqa 1.1.3")
    }

    /// Two pixels must be left at half resolution.
    public var smallestSize: SmallestImageSize { SmallestImageSize(1, 3) }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        gradientSimilarity(
            pair.x.pooled(2).luminance, pair.y.pooled(2).luminance,
            constant: gradientConstant, masking: 0
        ).standardDeviation(correction: 1)
    }
}
