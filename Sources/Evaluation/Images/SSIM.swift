import Foundation

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

/// The two means over places that SSIM and MS-SSIM are made of.
struct StructuralTerms {
    /// The mean of luminance term times contrast-structure term.
    let similarity: Double
    /// The mean of the contrast-structure term alone.
    let contrast: Double

    /// In pixels.
    static let windowSize = 11

    private static let window: Taps = {
        let middle = Double(windowSize / 2)
        let weights = (0..<windowSize).map { exp(-pow(Double($0) - middle, 2) / (2 * 1.5 * 1.5)) }
        let sum = weights.reduce(0, +)
        return Taps(weights: weights.map { $0 / sum }, first: 0)
    }()

    init(_ x: Plane, _ y: Plane) {
        let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
        let averaged = { (plane: Plane) in
            plane.filtered(vertical: Self.window, horizontal: Self.window, border: .none)
        }
        let (meanX, meanY) = (averaged(x), averaged(y))
        let (squareX, squareY, product) = (averaged(x * x), averaged(y * y), averaged(x * y))
        var (similarities, contrasts) = (0.0, 0.0)
        for index in product.values.indices {
            let (a, b) = (meanX.values[index], meanY.values[index])
            let variances = squareX.values[index] - a * a + squareY.values[index] - b * b
            let contrast = (2 * (product.values[index] - a * b) + c2) / (variances + c2)
            contrasts += contrast
            similarities += (2 * a * b + c1) / (a * a + b * b + c1) * contrast
        }
        similarity = similarities / Double(product.values.count)
        contrast = contrasts / Double(product.values.count)
    }
}

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
