import Foundation

/// What the numbers of an audit say, in sentences; those of ``CriticAudit``.
package struct AuditVerdict: Sendable {
    private let sampleCount: Int
    private let estimatesWasserstein: Bool
    private let estimate: Double
    private let exactW1: Double
    private let floorW1: Double
    /// The critic's Lipschitz constant, as far as it showed.
    private let slope: Double
    /// A quarter of the gradient's norms is at most this; nil where it was not recorded.
    private let lowerQuartile: Double?
    private let largestGradient: Double
    private let shareAtBound: Double?

    package init(
        sampleCount: Int, estimatesWasserstein: Bool, estimate: Double, exactW1: Double,
        floorW1: Double, largestPairSlope: Double, lowerQuartile: Double?, largestGradient: Double,
        shareAtBound: Double?
    ) {
        (self.sampleCount, self.estimatesWasserstein) = (sampleCount, estimatesWasserstein)
        (self.estimate, self.exactW1, self.floorW1) = (estimate, exactW1, floorW1)
        slope = max(largestPairSlope, largestGradient)
        (self.lowerQuartile, self.largestGradient) = (lowerQuartile, largestGradient)
        self.shareAtBound = shareAtBound
    }

    package var words: String {
        [estimateVerdict, slopeVerdict, clippingVerdict].compactMap { $0 }.joined(separator: " ")
    }

    /// Whether real and generated samples differ by more than two real samples do.
    static func isAboveFloor(_ exactW1: Double, _ floorW1: Double) -> Bool {
        exactW1 > 1.25 * floorW1
    }

    private var estimateVerdict: String {
        guard estimatesWasserstein else {
            return "The objective of this critic estimates no distance: the difference of its "
                + "scores is not to be read as one."
        }
        guard exactW1 > 0 else { return "Real and generated samples are the same." }
        guard Self.isAboveFloor(exactW1, floorW1) else {
            return "The exact distance between \(sampleCount) samples is hardly above that of two "
                + "real samples, so that it cannot tell how good the critic's estimate is."
        }
        guard estimate > 0 else {
            return "The critic does not tell real from generated samples: its estimate is not "
                + "even positive."
        }
        let tightness = slope > 0 ? estimate / slope / exactW1 : 0
        let share = "\(percent(tightness)) of the exact distance"
        return switch tightness {
        case 0.9...: "The critic is nearly optimal: divided by its slope, its estimate is \(share)."
        case 0.6...: "The critic is a fair one: divided by its slope, its estimate is \(share)."
        default: "The critic is far from optimal: divided by its slope, its estimate is \(share)."
        }
    }

    private var slopeVerdict: String {
        let text = String(format: "%.3g", slope)
        guard slope > 0 else { return "It is flat: its gradient teaches nothing." }
        // Of a number that is no estimate of the distance there is no unit to speak of.
        let isEstimate = estimatesWasserstein && estimate > 0
        let unit =
            switch slope {
            case _ where !isEstimate: "Its slope is \(text)."
            case 0.9...1.1: "Its slope is \(text), so its estimate is in the unit of the data."
            case ..<0.9: "Its slope is \(text), so its estimate is smaller than it should be."
            default: "Its slope is \(text), so its estimate may be as many times too large."
            }
        guard let lowerQuartile, lowerQuartile < 0.1 * largestGradient else { return unit }
        return unit + " On a quarter of the points between real and generated samples its gradient "
            + "is below a tenth of its largest."
    }

    private var clippingVerdict: String? {
        guard let shareAtBound, shareAtBound >= 0.5 else { return nil }
        return "\(percent(shareAtBound)) of its weights are at the clip bound, "
            + "which leaves it few functions to choose from."
    }

    /// Numbers of a file may be any: an integer holds not all of them.
    private func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
}
