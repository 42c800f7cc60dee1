import Foundation

extension CriticAudit {
    /// What the numbers say, in sentences.
    public var verdict: String {
        [estimateVerdict, slopeVerdict, clippingVerdict].compactMap { $0 }.joined(separator: " ")
    }

    /// Whether real and generated samples differ by more than two real samples do.
    public var isAboveFloor: Bool { exactW1 > 1.25 * floorW1 }

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

    private var estimateVerdict: String {
        guard estimatesWasserstein else {
            return "The objective of this critic estimates no distance: the difference of its "
                + "scores is not to be read as one."
        }
        guard let tightness else { return "Real and generated samples are the same." }
        guard isAboveFloor else {
            return "The exact distance between \(sampleCount) samples is hardly above that of two "
                + "real samples, so that it cannot tell how good the critic's estimate is."
        }
        guard estimate > 0 else {
            return "The critic does not tell real from generated samples: its estimate is not "
                + "even positive."
        }
        let share = "\(Int((100 * tightness).rounded())) % of the exact distance"
        return switch tightness {
        case 0.9...: "The critic is nearly optimal: divided by its slope, its estimate is \(share)."
        case 0.6...: "The critic is a fair one: divided by its slope, its estimate is \(share)."
        default: "The critic is far from optimal: divided by its slope, its estimate is \(share)."
        }
    }

    private var slopeVerdict: String {
        let slope = String(format: "%.3g", lipschitzConstant)
        guard lipschitzConstant > 0 else { return "It is flat: its gradient teaches nothing." }
        let unit =
            switch lipschitzConstant {
            case 0.9...1.1: "Its slope is \(slope), so its estimate is in the unit of the data."
            case ..<0.9: "Its slope is \(slope), so its estimate is smaller than it should be."
            default: "Its slope is \(slope), so its estimate may be as many times too large."
            }
        guard gradientNorms.lowerQuartile < 0.1 * gradientNorms.largest else { return unit }
        return unit + " On a quarter of the points between real and generated samples its gradient "
            + "is below a tenth of its largest."
    }

    private var clippingVerdict: String? {
        guard let shareAtBound, shareAtBound >= 0.5 else { return nil }
        return "\(Int((100 * shareAtBound).rounded())) % of its weights are at the clip bound, "
            + "which leaves it few functions to choose from."
    }
}
