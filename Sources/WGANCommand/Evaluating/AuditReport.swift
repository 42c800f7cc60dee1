import Runs
import WGAN

/// An examination of a critic for people and for programs.
struct AuditReport {
    let audit: CriticAudit

    var json: JSONValue {
        let norms = audit.gradientNorms
        var members: [String: JSONValue] = [
            "samples": .integer(audit.sampleCount), "estimate": .number(audit.estimate),
            "scaledEstimate": .number(audit.scaledEstimate), "exactW1": .number(audit.exactW1),
            "floorW1": .number(audit.floorW1), "slicedW1": .number(audit.slicedW1),
            "lipschitzConstant": .number(audit.lipschitzConstant),
            "largestPairSlope": .number(audit.largestPairSlope),
            "gradientNorms": .object([
                "smallest": .number(norms.smallest), "lowerQuartile": .number(norms.lowerQuartile),
                "median": .number(norms.median), "upperQuartile": .number(norms.upperQuartile),
                "largest": .number(norms.largest), "mean": .number(norms.mean),
                "standardDeviation": .number(norms.standardDeviation),
            ]),
            "spectralNorms": .object(
                Dictionary(
                    uniqueKeysWithValues: audit.spectralNorms.map { ($0.name, .number($0.norm)) })),
            "spectralProduct": .number(audit.spectralProduct), "verdict": .text(audit.verdict),
        ]
        if let tightness = audit.tightness { members["tightness"] = .number(tightness) }
        if let share = audit.shareAtBound { members["shareAtBound"] = .number(share) }
        return .object(members)
    }

    var text: String {
        let digits = { (number: Double) in number.formatted(significantDigits: 4) }
        let norms = audit.gradientNorms
        var lines = [
            "audit of the critic, \(audit.sampleCount) samples of each kind",
            "  estimate                  \(digits(audit.estimate))",
            "  exact W₁                  \(digits(audit.exactW1))  (two real samples: "
                + "\(digits(audit.floorW1)))",
            "  sliced W₁                 \(digits(audit.slicedW1))",
            "  slope between samples     \(digits(audit.largestPairSlope))",
            "  gradient norms            \(digits(norms.smallest)) … \(digits(norms.median)) … "
                + "\(digits(norms.largest))",
        ]
        lines += audit.spectralNorms.map {
            "  spectral norm             \(digits($0.norm))  \($0.name)"
        }
        if let share = audit.shareAtBound {
            lines.append("  weights at the bound      \(digits(100 * share)) %")
        }
        return (lines + [audit.verdict]).joined(separator: "\n")
    }
}
