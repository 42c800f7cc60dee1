import Foundation

/// Haar wavelet-based perceptual similarity index.
///
/// The similarity of fine Haar coefficients, weighted by coarse ones, with a logistic function
/// around it.
///
/// Source: Reisenhofer, Bosse, Kutyniok and Wiegand 2018, arXiv:1607.06140, equations 9 to 13. One
/// colour weight is 0.5969 instead of 0.5959, as piqa has it; two black images give 1.
public struct HaarPSI: ImageMeasure {
    /// Whether colours count; without effect on grey images.
    public let isChromatic: Bool

    /// The index with or without colours.
    public init(isChromatic: Bool = true) { self.isChromatic = isChromatic }

    /// Name, direction, range and source.
    public var description: MeasureDescription {
        MeasureDescription(
            name: "haarpsi", title: "HaarPSI", input: .imagePairs, better: .higher, range: 0...1,
            summary: "likeness of Haar wavelet coefficients; 1 for identical images",
            source: "Reisenhofer et al. 2018, convention of piqa 1.1.3")
    }

    /// The measure of a checked pair.
    public func value(ofChecked pair: ImagePair) -> Double {
        let (x, y) = (pair.x.pooled(2), pair.y.pooled(2))
        var maps = [false, true].map { WeightedSimilarity(x.luminance, y.luminance, upright: $0) }
        if isChromatic, x.channels == 3 {
            let weights = maps[0].weights.combined(with: maps[1].weights) { ($0 + $1) / 2 }
            maps.append(WeightedSimilarity(chromatic: x, y, weights: weights))
        }
        var (sum, weight) = (0.0, 0.0)
        for map in maps {
            for (likeness, share) in zip(map.similarities.values, map.weights.values) {
                sum += share / (1 + exp(-Self.steepness * likeness))
                weight += share
            }
        }
        guard weight > 0 else { return 1 }
        let mean = sum / weight
        return pow(log(mean / (1 - mean)) / Self.steepness, 2)
    }

    private static let steepness = 4.2
}

/// How alike two images are in one respect, and how much each place counts.
private struct WeightedSimilarity {
    let similarities: Plane
    let weights: Plane

    private static let constant = 30.0 / (255 * 255)

    /// Of the Haar coefficients in one direction.
    init(_ x: Plane, _ y: Plane, upright: Bool) {
        let scales = (1...3).map { scale in
            (x.haar(scale, upright: upright), y.haar(scale, upright: upright))
        }
        similarities = Self.mean(scales[0], scales[1])
        weights = scales[2].0.combined(with: scales[2].1) { max($0, $1) }
    }

    /// Of local colours, for given weights.
    init(chromatic x: SampleImage, _ y: SampleImage, weights: Plane) {
        let pairs = [
            ColourWeights(0.5969, -0.2746, -0.3213), ColourWeights(0.2115, -0.5227, 0.3112),
        ].map { (x.channel($0).localMean.magnitudes, y.channel($0).localMean.magnitudes) }
        similarities = Self.mean(pairs[0], pairs[1])
        self.weights = weights
    }

    private static func mean(_ first: (Plane, Plane), _ second: (Plane, Plane)) -> Plane {
        let likeness = { (pair: (Plane, Plane)) in
            pair.0.combined(with: pair.1) { similarity($0, $1, constant) }
        }
        return likeness(first).combined(with: likeness(second)) { ($0 + $1) / 2 }
    }
}

extension Plane {
    /// The magnitudes of Haar's coefficients of size 2^scale.
    fileprivate func haar(_ scale: Int, upright: Bool) -> Plane {
        let size = 1 << scale
        let half = [Double](repeating: 1 / Double(size), count: size / 2)
        let step = Taps(weights: half + half.map { -$0 }, first: 1 - size / 2)
        let box = Taps(weights: Array(repeating: 1, count: size), first: 1 - size / 2)
        return filtered(
            vertical: upright ? step : box, horizontal: upright ? box : step, border: .zeros
        ).magnitudes
    }

    /// The mean of each pixel with its right, lower and lower right neighbours, zeros beyond.
    fileprivate var localMean: Plane {
        let half = Taps(weights: [0.5, 0.5], first: 0)
        return filtered(vertical: half, horizontal: half, border: .zeros)
    }
}
