import Foundation

/// Structural similarity.
///
/// Local means, variances and covariances under a Gaussian window, only where the window fits; the
/// mean over places and channels.
///
/// Source: Wang, Bovik, Sheikh and Simoncelli 2004, IEEE TIP 13; no colour conversion and no
/// downsampling. The constants are K₁ = 0.01 and K₂ = 0.03.
public struct SSIM: ImageMeasure {
    /// Where local means are taken.
    public let window: SimilarityWindow
    /// Whether each channel is compared; else the brightness alone, Y of YIQ.
    public let isChromatic: Bool

    /// The structural similarity.
    ///
    /// - Parameters:
    ///   - window: Where local means are taken: 11 × 11 pixels with a deviation of 1.5 by default.
    ///   - isChromatic: Whether each channel is compared, or the brightness alone.
    public init(window: SimilarityWindow = .published, isChromatic: Bool = true) {
        self.window = window
        self.isChromatic = isChromatic
    }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ssim", title: "SSIM", input: .imagePairs, better: .higher, range: -1...1,
            summary: "likeness of local means, contrasts and structures; 1 for identical images",
            source: "Wang et al. 2004, convention of piqa 1.1.3")
    }

    /// The window must fit.
    public var smallestSize: SmallestImageSize { SmallestImageSize(window.size) }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        pair.planes(areChromatic: isChromatic).map {
            StructuralTerms($0, $1, window.taps).similarity
        }.mean
    }
}

/// A Gaussian window for local means, separable and normalised to a sum of 1.
public struct SimilarityWindow: Sendable, Hashable {
    /// The pixels of a side that a window may have.
    public static let sizes = 1...1023

    /// The window of the paper: 11 pixels and a deviation of 1.5.
    public static let published = SimilarityWindow(checkedSize: 11, 1.5)

    /// The pixels of a side, an odd number.
    public let size: Int
    /// The standard deviation of the Gaussian, in pixels.
    public let deviation: Double

    /// A window of given extent.
    ///
    /// - Parameters:
    ///   - size: The pixels of a side, an odd number in ``sizes``.
    ///   - deviation: The standard deviation in pixels, positive and finite.
    /// - Throws: ``SampleImageError/window(size:deviation:)``.
    public init(size: Int, deviation: Double) throws {
        guard Self.sizes.contains(size), !size.isMultiple(of: 2), deviation > 0, deviation.isFinite
        else { throw SampleImageError.window(size: size, deviation: deviation) }
        self.init(checkedSize: size, deviation)
    }

    private init(checkedSize size: Int, _ deviation: Double) {
        self.size = size
        self.deviation = deviation
    }

    /// The weights along one axis.
    var taps: Taps {
        let weights = (0..<size).map { exp(-pow(Double($0 - size / 2) / deviation, 2) / 2) }
        let sum = weights.reduce(0, +)
        return Taps(weights: weights.map { $0 / sum }, first: 0)
    }
}

/// The two means over places that SSIM and MS-SSIM are made of.
struct StructuralTerms {
    /// The mean of luminance term times contrast-structure term.
    let similarity: Double
    /// The mean of the contrast-structure term alone.
    let contrast: Double

    init(_ x: Plane, _ y: Plane, _ window: Taps) {
        let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
        let averaged = { (plane: Plane) in
            plane.filtered(vertical: window, horizontal: window, border: .none)
        }
        let (meanX, meanY) = (averaged(x), averaged(y))
        let squares = averaged(x.combined(with: y) { $0 * $0 + $1 * $1 })
        let product = averaged(x * y)
        var (similarities, contrasts) = (0.0, 0.0)
        for index in product.values.indices {
            let (a, b) = (meanX.values[index], meanY.values[index])
            let variances = squares.values[index] - a * a - b * b
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
    /// Where local means are taken.
    public let window: SimilarityWindow
    /// Whether each channel is compared; else the brightness alone, Y of YIQ.
    public let isChromatic: Bool

    /// The measure with the five scales and the window of the paper.
    public init() { (weights, window, isChromatic) = (Self.publishedWeights, .published, true) }

    /// The measure with other scales, such as fewer for smaller images, or another window.
    ///
    /// - Parameters:
    ///   - weights: From 1 to ``maximumScales`` finite numbers, 0 or more, used as they are.
    ///   - window: Where local means are taken, the same at each scale.
    ///   - isChromatic: Whether each channel is compared, or the brightness alone.
    /// - Throws: ``SampleImageError/scaleWeights(_:)``.
    public init(
        weights: [Double], window: SimilarityWindow = .published, isChromatic: Bool = true
    ) throws {
        try Self.checkWeights(weights)
        (self.weights, self.window, self.isChromatic) = (weights, window, isChromatic)
    }

    /// Refuses weights that no scales can have.
    static func checkWeights(_ weights: [Double]) throws {
        guard (1...maximumScales).contains(weights.count),
            weights.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { throw SampleImageError.scaleWeights(weights) }
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
        SmallestImageSize((window.size - 1) << (weights.count - 1) + 1)
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        let taps = window.taps
        return pair.planes(areChromatic: isChromatic).map { value($0, $1, taps) }.mean
    }

    private func value(_ x: Plane, _ y: Plane, _ taps: Taps) -> Double {
        var (x, y, result) = (x, y, 1.0)
        for (scale, weight) in weights.enumerated() {
            if scale > 0 { (x, y) = (x.pooled(2), y.pooled(2)) }
            let terms = StructuralTerms(x, y, taps)
            let isLast = scale == weights.count - 1
            result *= pow(max(0, isLast ? terms.similarity : terms.contrast), weight)
        }
        return result
    }
}
