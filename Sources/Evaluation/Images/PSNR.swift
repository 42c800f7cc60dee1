import Foundation

/// Peak signal-to-noise ratio.
///
/// `10 log₁₀(1 / (MSE + ε))` decibels, with the mean over all pixels and channels of samples in
/// 0…1. ``epsilon`` makes 80 dB the value of identical images.
///
/// Source: piqa 1.1.3, and piq 0.8.0, which has the same ε for samples in 0…1. With another value
/// range piqa adds it to errors in that range's unit, where it is smaller.
public struct PSNR: ImageMeasure {
    /// What is added to the mean squared error, in squared sample units.
    public static let epsilon = 1e-8

    /// Whether colours count; else the brightness alone is compared, Y of YIQ.
    public let isChromatic: Bool

    /// The peak signal-to-noise ratio of all channels, or of the brightness.
    public init(isChromatic: Bool = true) { self.isChromatic = isChromatic }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "psnr", title: "PSNR", input: .imagePairs, better: .higher,
            range: 10 * log10(1 / (1 + Self.epsilon))...80,
            summary: "squared error in decibels; 80 for identical images",
            source: "convention of piqa 1.1.3")
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        let errors = pair.planes(areChromatic: isChromatic).map { x, y in
            x.combined(with: y) { ($0 - $1) * ($0 - $1) }.mean
        }
        return 10 * log10(1 / (errors.mean + Self.epsilon))
    }
}
