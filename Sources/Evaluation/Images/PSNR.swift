import Foundation

/// Peak signal-to-noise ratio.
///
/// `10 log₁₀(1 / (MSE + 1e-8))` decibels, with the mean over all pixels and channels. The 1e-8
/// makes 80 dB the value of identical images.
public struct PSNR: ImageMeasure {
    /// The peak signal-to-noise ratio; it has no settings.
    public init() {}

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "psnr", title: "PSNR", input: .imagePairs, better: .higher,
            range: 10 * log10(1 / (1 + 1e-8))...80,
            summary: "squared error in decibels; 80 for identical images",
            source: "convention of piqa 1.1.3")
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        let errors = zip(pair.x.planes, pair.y.planes).map { x, y in
            x.combined(with: y) { ($0 - $1) * ($0 - $1) }.mean
        }
        return 10 * log10(1 / (errors.mean + 1e-8))
    }
}
