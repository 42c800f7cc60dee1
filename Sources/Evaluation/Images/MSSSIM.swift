import Foundation

/// Multi-scale structural similarity.
///
/// The product over scales of the contrast-structure terms of ``SSIM``, each to the power of its
/// weight, times the whole similarity of the coarsest scale; negative terms count as 0. Each scale
/// is the one before, averaged over 2 × 2 pixels. The mean is over channels.
///
/// Source: Wang, Simoncelli and Bovik 2003, Asilomar Conference. The weights are not normalised.
public struct MSSSIM: ImageMeasure {
    /// The weights of the paper: five scales, for images of 161 pixels or more.
    public static let publishedWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
    /// The most scales, for images of a third of a million pixels each way.
    public static let maximumScales = 16

    /// The weight of each scale, finest first.
    public let weights: [Double]

    /// The measure with the five scales of the paper.
    public init() { weights = Self.publishedWeights }

    /// The measure with other scales: fewer, for smaller images.
    ///
    /// - Parameter weights: From 1 to ``maximumScales`` finite numbers, 0 or more.
    /// - Throws: ``SampleImageError/scaleWeights(_:)``.
    public init(weights: [Double]) throws {
        guard (1...Self.maximumScales).contains(weights.count),
            weights.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { throw SampleImageError.scaleWeights(weights) }
        self.weights = weights
    }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ms-ssim", title: "MS-SSIM with \(weights.count) scales", input: .imagePairs,
            better: .higher, range: 0...1,
            summary: "SSIM over several resolutions; 1 for identical images",
            source: "Wang et al. 2003, convention of piqa 1.1.3")
    }

    /// The window must fit the coarsest scale.
    public var smallestSize: SmallestImageSize {
        SmallestImageSize((StructuralTerms.windowSize - 1) << (weights.count - 1) + 1)
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        zip(pair.x.planes, pair.y.planes).map(value).mean
    }

    private func value(_ x: Plane, _ y: Plane) -> Double {
        var (x, y, result) = (x, y, 1.0)
        for (scale, weight) in weights.enumerated() {
            if scale > 0 { (x, y) = (x.pooled(2), y.pooled(2)) }
            let terms = StructuralTerms(x, y)
            let isLast = scale == weights.count - 1
            result *= pow(max(0, isLast ? terms.similarity : terms.contrast), weight)
        }
        return result
    }
}
