import Foundation

/// How well a critic does its work: whether its estimate is the Wasserstein distance, and whether
/// its slope is what its constraint was to make it.
///
/// The scores of a critic whose slope is K estimate K·W₁ from below. Everything here is measured on
/// the same samples, so that for the exact distance between them
/// ``estimate`` / ``largestPairSlope`` ≤ ``exactW1`` always holds, with equality for a perfect one.
///
/// Source: Kantorovich and Rubinstein's duality, Villani 2009, remark 6.5; Arjovsky et al. 2017,
/// section 3, arXiv:1701.07875.
public struct CriticAudit: Sendable, Equatable {
    /// Real samples, and as many generated ones.
    public let sampleCount: Int
    /// Whether the critic's objective makes ``estimate`` one of the distance.
    public let estimatesWasserstein: Bool
    /// Mean score of the real minus that of the generated samples; the signs are the paper's.
    public let estimate: Double
    /// The exact W₁ between the same samples, in the unit of the data.
    public let exactW1: Double
    /// The exact W₁ between two samples of real data of this size: what sampling alone makes.
    public let floorW1: Double
    /// The mean W₁ of projections on 100 random directions: below ``exactW1``, and less coarse an
    /// estimate in many dimensions.
    public let slicedW1: Double
    /// The steepest slope of the scores between any two of all samples.
    public let largestPairSlope: Double
    /// The norms of the critic's gradient at points between real and generated samples.
    public let gradientNorms: GradientNorms
    /// How much each linear map of the critic can lengthen what it is given, with the weights that
    /// it computes with.
    public let spectralNorms: [LayerSpectralNorm]
    /// The share of clipped weights that are at the bound; nil where nothing is clipped.
    public let shareAtBound: Double?
    /// What the samples say without the critic; nil where it was not asked for.
    public var yardstick: Yardstick?

    /// A layer and the norm of its linear map.
    public struct LayerSpectralNorm: Sendable, Equatable {
        /// The parameter's name.
        public let name: String
        /// The largest singular value: of a dense layer to rounding error; of a convolution, at its
        /// stride, padding and size of image, from below by power iteration until it stands still.
        public let norm: Double
    }

    /// The critic's slope as far as it showed: the steeper of ``largestPairSlope`` and the largest
    /// gradient norm. The true Lipschitz constant is at least this.
    public var lipschitzConstant: Double { max(largestPairSlope, gradientNorms.largest) }

    /// The estimate in the unit of the data: ``estimate`` / ``lipschitzConstant``; zero where the
    /// critic is flat.
    public var scaledEstimate: Double {
        lipschitzConstant > 0 ? estimate / lipschitzConstant : 0
    }

    /// ``scaledEstimate`` as a share of ``exactW1``: 1 for a perfect critic, never more; nil where
    /// the samples are the same.
    public var tightness: Double? { exactW1 > 0 ? scaledEstimate / exactW1 : nil }

    /// The product of ``spectralNorms``: an upper bound of the Lipschitz constant of networks whose
    /// layers follow one another, with nothing between them that has a slope above 1.
    public var spectralProduct: Double { spectralNorms.reduce(1) { $0 * $1.norm } }
}

/// The distribution of the norms of a critic's gradient over points.
public struct GradientNorms: Sendable, Equatable {
    /// The smallest.
    public let smallest: Double
    /// A quarter of the norms is at most this.
    public let lowerQuartile: Double
    /// Half of them.
    public let median: Double
    /// Three quarters.
    public let upperQuartile: Double
    /// The largest.
    public let largest: Double
    /// Their mean.
    public let mean: Double
    /// Their standard deviation, with divisor N.
    public let standardDeviation: Double

    /// The distribution of at least one norm.
    init(_ norms: [Double]) {
        let sorted = norms.sorted()
        let quantile = { (share: Double) in
            let place = share * Double(sorted.count - 1)
            let low = Int(place)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
        }
        (smallest, largest) = (sorted[0], sorted[sorted.count - 1])
        (lowerQuartile, median, upperQuartile) = (quantile(0.25), quantile(0.5), quantile(0.75))
        let mean = norms.reduce(0, +) / Double(norms.count)
        self.mean = mean
        let squares = norms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardDeviation = (squares / Double(norms.count)).squareRoot()
    }
}

extension CriticAudit {
    /// What the numbers say, in sentences.
    public var verdict: String {
        AuditVerdict(
            sampleCount: sampleCount, estimatesWasserstein: estimatesWasserstein,
            estimate: estimate, exactW1: exactW1, floorW1: floorW1,
            largestPairSlope: largestPairSlope, lowerQuartile: gradientNorms.lowerQuartile,
            largestGradient: gradientNorms.largest, shareAtBound: shareAtBound
        ).words
    }

    /// Whether real and generated samples differ by more than two real samples do.
    public var isAboveFloor: Bool { AuditVerdict.isAboveFloor(exactW1, floorW1) }

    /// Why the critic counts as stuck; nil where it does not.
    ///
    /// A stuck critic has told for long nearly nothing of a distance that is plainly there: what it
    /// said over the last quarter of a training, divided by its slope, is below a tenth of the
    /// exact distance, which is at least twice that of two real samples. A generator that has
    /// arrived is no sign of a stuck critic, nor is a slope that the constraint keeps small.
    ///
    /// - Parameter estimate: The mean of the critic's estimates over the last quarter.
    public func stuckVerdict(estimateForLong estimate: Double) -> String? {
        let isFar = exactW1 >= 2 * floorW1
        let told = lipschitzConstant > 0 ? estimate / lipschitzConstant / exactW1 : 0
        guard isFar, told < 0.1, tightness ?? 1 < 0.25 else { return nil }
        let numbers = [lipschitzConstant, exactW1, floorW1].map { String(format: "%.2g", $0) }
        return "the critic is stuck: over the last quarter of the training its estimate, divided "
            + "by its slope of \(numbers[0]), was \(Int((100 * told).rounded())) % of the exact "
            + "distance \(numbers[1]), where two real samples are \(numbers[2]) apart, so that the "
            + "generator was led astray; try another seed, more critic updates or another "
            + "initialisation"
    }
}
