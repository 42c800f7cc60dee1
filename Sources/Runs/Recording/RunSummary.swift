import Files
package import Foundation
public import WGAN

/// What a finished training came to.
public struct RunSummary: CustomStringConvertible {
    /// The summary's place in the run folder.
    package static let path = "summary.json"

    let run: String
    /// Steps done.
    public let steps: Int
    /// How long the training took, with all its parts.
    public let seconds: Double
    /// The part of the seconds in which the training waited for its data.
    let waited: Double
    /// The losses of the last step.
    public let losses: StepLosses
    /// What the difference of mean scores is.
    private let objective: any Objective
    /// For points, the exact distance of generated samples; nil for images.
    public let check: ExactCheck?
    /// What is probably wrong with the training: a sentence for each.
    public let warnings: [String]

    init(
        run: RunFolder, trainer: Trainer, check: ExactCheck?, warnings: [String], seconds: Double,
        waited: Double
    ) {
        self.run = run.url.relativePath
        (self.check, self.warnings) = (check, warnings)
        (self.seconds, self.waited) = (seconds, waited)
        (steps, losses, objective) = (trainer.step, trainer.losses, trainer.setup.objective)
    }

    private struct Fields: Encodable {
        var run: String
        var steps: Int
        var seconds: Double
        var secondsWaitedForData: Double
        var criticLoss: Double?
        var wassersteinEstimate: Double?
        var scoreDifference: Double?
        var exactW1: Double?
        var exactW1Floor: Double?
        var warnings: [String]?
    }

    /// One JSON object; a quantity that was never computed is absent.
    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            let difference = finite(losses.scoreDifference)
            let isEstimate = objective.estimatesWasserstein
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(
                Fields(
                    run: run, steps: steps, seconds: seconds, secondsWaitedForData: waited,
                    criticLoss: finite(losses.criticLoss),
                    wassersteinEstimate: isEstimate ? difference : nil,
                    scoreDifference: isEstimate ? nil : difference,
                    exactW1: check?.distance, exactW1Floor: check?.floor,
                    warnings: warnings.isEmpty ? nil : warnings))
        }
    }

    /// Lines for people.
    public var description: String {
        let difference = decimal(losses.scoreDifference, 4)
        var lines = [
            "\(counted(steps, "step")) in \(decimal(seconds, 1)) s, "
                + "of which \(decimal(100 * waited / seconds, 2)) % waiting for data",
            "critic loss           \(decimal(losses.criticLoss, 4))",
            objective.estimatesWasserstein
                ? "Wasserstein estimate  \(difference)  (the critic's; in units of its slope)"
                : "real − generated      \(difference)  (of scores; this objective estimates no "
                    + "distance)",
        ]
        if let check {
            lines.append(
                "exact W₁              \(decimal(check.distance, 4))  (generated against fresh "
                    + "real samples)"
            )
            lines.append(
                "its floor             \(decimal(check.floor, 4))  (two real samples of "
                    + "\(ExactCheck.count))"
            )
        }
        return (lines + ["run folder            \(run)"]).joined(separator: "\n")
    }

    private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
