import Foundation

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

/// What keeps the similarity of flat regions near 1, for samples in 0…1.
let gradientConstant = 170.0 / (255 * 255)

/// Where the gradients of two images agree, 1 at best.
///
/// - Parameters:
///   - constant: In squared sample units.
///   - masking: α of Zhang et al. 2017, equation 3; 0 for none.
func gradientSimilarity(
    _ x: Plane, _ y: Plane, constant: Double, masking: Double
) -> Plane {
    x.gradientMagnitude.combined(with: y.gradientMagnitude) { g, h in
        ((2 - masking) * g * h + constant) / (g * g + h * h - masking * g * h + constant)
    }
}

/// Multi-scale gradient magnitude similarity deviation.
///
/// ``GMSD`` with masking at four resolutions, from the full one down, as a weighted root mean
/// square.
///
/// Source: Zhang, Sander and Bovik 2017, "Gradient magnitude similarity deviation on multiple
/// scales for colour image quality assessment", ICASSP.
public struct MSGMSD: ImageMeasure {
    /// The weights of the paper, which add up to 1: four scales.
    public static let publishedWeights = [0.096, 0.596, 0.289, 0.019]
    static let masking = 0.5

    /// The weight of each scale, finest first.
    public let weights: [Double]

    /// The measure with the four scales of the paper.
    public init() { weights = Self.publishedWeights }

    /// The measure with other scales.
    ///
    /// - Parameter weights: From 1 to ``MSSSIM/maximumScales`` finite numbers, 0 or more, used as
    ///   they are.
    /// - Throws: ``SampleImageError/scaleWeights(_:)``.
    public init(weights: [Double]) throws {
        try MSSSIM.checkWeights(weights)
        self.weights = weights
    }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ms-gmsd", title: "MS-GMSD", input: .imagePairs, better: .lower,
            range: 0...max(1, weights.reduce(0, +)).squareRoot(),
            summary: "GMSD over several resolutions; 0 for identical images",
            source: "Zhang et al. 2017, convention of piqa 1.1.3")
    }

    /// Two pixels must be left at the coarsest resolution.
    public var smallestSize: SmallestImageSize {
        SmallestImageSize(1, 1 << (weights.count - 1) + 1)
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        var (x, y, sum) = (pair.x.luminance, pair.y.luminance, 0.0)
        for (scale, weight) in weights.enumerated() {
            if scale > 0 { (x, y) = (x.pooled(2), y.pooled(2)) }
            let deviation = gradientSimilarity(
                x, y, constant: gradientConstant, masking: Self.masking
            ).standardDeviation(correction: 1)
            sum += weight * deviation * deviation
        }
        return sum.squareRoot()
    }
}

/// Multi-scale gradient magnitude similarity deviation with colour.
///
/// ``MSGMSD`` blended with the difference of the chromatic channels at the coarsest resolution.
///
/// Source: Zhang, Sander and Bovik 2017, ICASSP. The only measure here in the convention of piq
/// 0.8.0: samples in 0…255, other downsampling, and standard deviations with divisor n.
public struct MSGMSDc: ImageMeasure {
    /// The weight of each scale, finest first.
    public let weights: [Double]

    /// The measure with the four scales of ``MSGMSD``.
    public init() { weights = MSGMSD.publishedWeights }

    /// The measure with other scales.
    ///
    /// - Parameter weights: From 1 to ``MSSSIM/maximumScales`` finite numbers, 0 or more. They are
    ///   used as they are; piq divides them by their sum.
    /// - Throws: ``SampleImageError/scaleWeights(_:)``.
    public init(weights: [Double]) throws {
        try MSSSIM.checkWeights(weights)
        self.weights = weights
    }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "ms-gmsdc", title: "MS-GMSDc", input: .imagePairs, better: .lower,
            range: 0...Double.infinity,
            summary: "MS-GMSD with colour differences; 0 for identical images",
            source: "Zhang et al. 2017, convention of piq 0.8.0")
    }

    /// What as many resolutions need: 17 pixels for four.
    public var smallestSize: SmallestImageSize { SmallestImageSize(1 << weights.count + 1) }

    /// Grey images have no colour to compare.
    public var needsColour: Bool { true }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        var (x, y, sum) = (YIQ(pair.x), YIQ(pair.y), 0.0)
        for (scale, weight) in weights.enumerated() {
            if scale > 0 { (x, y) = (x.halved, y.halved) }
            let deviation = gradientSimilarity(
                x.luminance, y.luminance, constant: 170, masking: MSGMSD.masking
            ).standardDeviation(correction: 0)
            sum += weight * deviation * deviation
        }
        let structure = sum.squareRoot()
        let share = 2 / (1 + 0.32 * exp(-15 * structure)) - 1
        return share * structure + (1 - share) * 0.01 * x.chromaticDistance(to: y)
    }
}

/// Luminance and the two chromatic channels in 0…255.
private struct YIQ {
    let luminance: Plane
    let inPhase: Plane
    let quadrature: Plane

    init(_ image: SampleImage) {
        let channel = { image.channel($0).map { $0 * 255 } }
        luminance = channel(.luminance)
        inPhase = channel(ColourWeights(0.5959, -0.2746, -0.3213))
        quadrature = channel(ColourWeights(0.2115, -0.5227, 0.3112))
    }

    private init(_ luminance: Plane, _ inPhase: Plane, _ quadrature: Plane) {
        self.luminance = luminance
        self.inPhase = inPhase
        self.quadrature = quadrature
    }

    var halved: YIQ { YIQ(luminance.halved, inPhase.halved, quadrature.halved) }

    func chromaticDistance(to other: YIQ) -> Double {
        let squares = [(inPhase, other.inPhase), (quadrature, other.quadrature)].map { x, y in
            x.combined(with: y) { ($0 - $1) * ($0 - $1) }.mean
        }
        return (squares[0] + squares[1]).squareRoot()
    }
}

extension Plane {
    /// The means of 2 × 2 blocks; with an odd side, a row and a column of zeros are put beside both
    /// sides first, and what then makes no whole block is dropped.
    fileprivate var halved: Plane {
        let padding = max(height % 2, width % 2)
        let (rows, columns) = ((height + padding) / 2, (width + padding) / 2)
        var result = Plane(zeros: rows, columns)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = 0.0
                for y in 2 * row..<min(height, 2 * row + 2) {
                    for x in 2 * column..<min(width, 2 * column + 2) {
                        sum += values[y * width + x]
                    }
                }
                result.values[row * columns + column] = sum / 4
            }
        }
        return result
    }
}
