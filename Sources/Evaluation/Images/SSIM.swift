/// Structural similarity.
///
/// Local means, variances and covariances under a Gaussian window of 11 × 11 pixels and standard
/// deviation 1.5, only where the window fits; the mean over places and channels.
///
/// Source: Wang, Bovik, Sheikh and Simoncelli 2004, IEEE TIP 13; no colour conversion and no
/// downsampling.
public struct SSIM: ImageMeasure {
    /// The structural similarity; it has no settings.
    public init() {}

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ssim", title: "SSIM", input: .imagePairs, better: .higher, range: -1...1,
            summary: "likeness of local means, contrasts and structures; 1 for identical images",
            source: "Wang et al. 2004, convention of piqa 1.1.3")
    }

    /// The window must fit.
    public var smallestSize: SmallestImageSize { SmallestImageSize(StructuralTerms.windowSize) }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        zip(pair.x.planes, pair.y.planes).map { StructuralTerms($0, $1).similarity }.mean
    }
}
