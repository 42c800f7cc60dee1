import Foundation

/// Mean deviation similarity index.
///
/// How unevenly gradients and chromaticities agree, by mean absolute deviation. Not symmetric: the
/// first image is the distorted or generated one, the second the reference.
///
/// Source: Nafchi, Shahkolaei, Hedjam and Cheriet 2016, arXiv:1608.07433, equations 3 to 13.
public struct MDSI: ImageMeasure {
    /// How gradients and chromaticities are combined.
    public enum Combination: String, Sendable, Hashable, CaseIterable {
        /// `0.6 · gradients + 0.4 · chromaticities`, the authors' choice.
        case sum
        /// `gradients^0.2 · chromaticities^0.1`.
        case product
    }

    /// How gradients and chromaticities are combined.
    public let combination: Combination

    /// The mean deviation similarity index.
    public init(combination: Combination = .sum) { self.combination = combination }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "mdsi", title: "MDSI", input: .imagePairs, better: .lower,
            range: 0...Double.infinity,
            summary: "unevenness of edge and colour agreement; 0 for identical, not symmetric",
            source: "Nafchi et al. 2016, convention of piqa 1.1.3")
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        // Two fourth roots would turn a rounding of 1e-16 into 1e-4.
        guard pair.x != pair.y else { return 0 }
        let shorterSide = Double(min(pair.x.height, pair.x.width))
        let factor = Int((shorterSide / 256).rounded(.toNearestOrEven))
        let (x, y) = factor > 1 ? (pair.x.pooled(factor), pair.y.pooled(factor)) : (pair.x, pair.y)
        let gradients = Self.gradientSimilarity(x, y)
        let colours = Self.chromaticSimilarity(x, y)
        let roots = zip(gradients.values, colours.values).map { combined($0, $1).root }
        let count = Double(roots.count)
        let mean = roots.reduce(SIMD2.zero, +) / count
        let deviation = roots.reduce(0) { $0 + ((($1 - mean) * ($1 - mean)).sum()).squareRoot() }
        return pow(deviation / count, 0.25)
    }

    private static func gradientSimilarity(_ x: SampleImage, _ y: SampleImage) -> Plane {
        let luminance = ColourWeights(0.2989, 0.5870, 0.1140)
        let (x, y) = (x.channel(luminance), y.channel(luminance))
        let fused = x.combined(with: y) { ($0 + $1) / 2 }.gradientMagnitude
        let (gx, gy) = (x.gradientMagnitude, y.gradientMagnitude)
        let (c1, c2) = (140.0 / (255 * 255), 55.0 / (255 * 255))
        var result = gx.combined(with: gy) { similarity($0, $1, c1) }
        for index in result.values.indices {
            result.values[index] +=
                similarity(gx.values[index], fused.values[index], c2)
                - similarity(gy.values[index], fused.values[index], c2)
        }
        return result
    }

    private static func chromaticSimilarity(_ x: SampleImage, _ y: SampleImage) -> Plane {
        let (h, m) = (ColourWeights(0.30, 0.04, -0.35), ColourWeights(0.34, -0.60, 0.17))
        let (hx, hy, mx, my) = (x.channel(h), y.channel(h), x.channel(m), y.channel(m))
        let products = (hx * hy).combined(with: mx * my, +)
        let squares = (hx * hx).combined(with: hy * hy, +)
            .combined(with: (mx * mx).combined(with: my * my, +), +)
        let c3 = 550.0 / (255 * 255)
        return products.combined(with: squares) { (2 * $0 + c3) / ($1 + c3) }
    }

    private func combined(_ gradient: Double, _ colour: Double) -> PolarNumber {
        switch combination {
        case .sum: PolarNumber(0.6 * gradient + 0.4 * colour)
        case .product: PolarNumber(gradient).power(0.2) * PolarNumber(colour).power(0.1)
        }
    }
}

/// A complex number by magnitude and angle, since similarities can be negative and have roots.
private struct PolarNumber {
    let magnitude: Double
    /// In units of π.
    let angle: Double

    init(_ number: Double) { self.init(abs(number), number < 0 ? 1 : 0) }

    private init(_ magnitude: Double, _ angle: Double) {
        self.magnitude = magnitude
        self.angle = angle
    }

    /// The principal power.
    func power(_ exponent: Double) -> PolarNumber {
        PolarNumber(pow(magnitude, exponent), angle * exponent)
    }

    static func * (lhs: PolarNumber, rhs: PolarNumber) -> PolarNumber {
        PolarNumber(lhs.magnitude * rhs.magnitude, lhs.angle + rhs.angle)
    }

    /// Real and imaginary part of the principal fourth root.
    var root: SIMD2<Double> {
        let root = power(0.25)
        return root.magnitude * SIMD2(cos(.pi * root.angle), sin(.pi * root.angle))
    }
}
