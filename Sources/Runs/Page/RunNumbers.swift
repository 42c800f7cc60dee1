import CPUExecutor
import Files
import Foundation
package import WGAN

/// What is told first of a run: how far it is, and the numbers that say how well it goes.
package struct RunNumbers: Sendable {
    /// The name of the run's folder.
    package let name: String
    /// Nil for a program's training.
    package let configuration: TrainingConfiguration?
    /// What was measured last.
    let last: [String: MetricPoint]
    /// What a finished training came to; nil before.
    let summary: JSONValue?
    let environment: RunEnvironment?
    /// The checkpoint that the run keeps as its best; nil where there is none.
    let best: BestCheckpoint?
    let record: RunRecord?

    /// - Parameter configuration: That of the run; nil for a program's training.
    /// - Throws: An error of one sentence where a file is damaged.
    package init(of run: RunFolder, _ configuration: TrainingConfiguration?) throws {
        (name, self.configuration) = (run.url.lastPathComponent, configuration)
        last = try MetricHistory.of(run)?.last() ?? [:]
        summary = try run.decoded(RunSummary.path)
        environment = try run.decoded(RunEnvironment.path)
        best = try? BestCheckpoint(of: run)
        record = try RunRecord.of(run)
    }
}

extension RunNumbers {
    /// A number of the first view.
    package struct Tile: Codable, Equatable, Sendable {
        package let name: String
        package let value: String
        package var note: String?
    }

    /// How far the training is.
    private var state: String {
        let begun = record?.begun.map { ", begun \($0)" } ?? ""
        let steps = record?.resumptions(upTo: lastStep).map { "\($0)" } ?? []
        let resumed = steps.isEmpty ? "" : ", gone on with at step \(steps.joined(separator: ", "))"
        guard summary != nil else {
            return "Not finished: the last step measured is \(lastStep)\(begun)\(resumed)."
        }
        return "Finished after \(counted(lastStep, "step"))\(begun)\(resumed)."
    }

    /// How far the training is, what becomes of it where that is known, and what the last audit
    /// said of the critic.
    package func words(of status: RunStatus? = nil) -> String {
        [state, status?.words ?? "", verdict].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What the last audit said of the critic; empty where there was none.
    private var verdict: String {
        let value = { (name: String) in last["audit/" + name].map(\.value) }
        let (estimate, difference) = (value("criticEstimate"), value("scoreDifference"))
        guard let score = estimate ?? difference, let exactW1 = value("exactW1"),
            let floorW1 = value("floorW1"), let samples = configuration?.outputs.audit?.samples,
            let slopes = value("largestPairSlope"), let gradient = value("largestGradient"),
            [score, exactW1, floorW1, slopes, gradient].allSatisfy(\.isFinite)
        else { return "" }
        let share = value("shareAtBound") ?? .nan
        let verdict = AuditVerdict(
            sampleCount: samples, estimatesWasserstein: estimate != nil, estimate: score,
            exactW1: exactW1, floorW1: floorW1, largestPairSlope: slopes,
            lowerQuartile: value("lowerQuartileGradient"), largestGradient: gradient,
            shareAtBound: share.isFinite ? share : nil)
        return "The last audit: " + verdict.words
    }

    /// The last step at which anything was measured.
    var lastStep: Int { last.lastStep ?? 0 }

    /// What the configuration is good for, in words that are true of a run that was changed on its
    /// way.
    var configurationTitle: String {
        guard let record, let environment, let configuration else { return "config.yaml" }
        let reasons = record.deviations(of: configuration.resolvedYAML, upTo: lastStep)
        guard reasons.isEmpty else {
            return "config.yaml, which alone does not train the same bits again: "
                + reasons.joined(separator: "; ")
        }
        return "config.yaml, which trains the same bits again with --threads "
            + "\(environment.threads) and the same vector code"
    }

    package var tiles: [Tile] {
        var tiles = [Tile(name: "steps", value: "\(lastStep)")]
        if let seconds = summary?["seconds"]?.double {
            tiles.append(
                Tile(
                    name: "time", value: "\(decimal(seconds, 1)) s",
                    note:
                        "\((Double(lastStep) / seconds).formatted(significantDigits: 3)) steps a "
                        + "second"
                ))
        }
        if let estimate = last[StepLosses.estimateName]?.value {
            tiles.append(
                Tile(
                    name: "critic's estimate", value: decimal(estimate, 4),
                    note: "in units of its slope"))
        }
        if let difference = last[StepLosses.differenceName]?.value {
            tiles.append(
                Tile(
                    name: "real − generated", value: decimal(difference, 4),
                    note: "of scores; no distance"))
        }
        if let distance = summary?["exactW1"]?.double {
            let floor = summary?["exactW1Floor"]?.double ?? .nan
            tiles.append(
                Tile(
                    name: "exact W₁", value: decimal(distance, 4),
                    note: "two real samples: \(decimal(floor, 4))"))
        }
        if let best {
            tiles.append(
                Tile(
                    name: "best checkpoint", value: "step \(best.file.step)",
                    note: "\(best.measure) \(best.value.formatted(significantDigits: 4)); "
                        + "--weights best"))
        }
        if let loss = last["criticLoss"]?.value {
            tiles.append(Tile(name: "critic's loss", value: decimal(loss, 4)))
        }
        return tiles
    }
}

extension RunEnvironment {
    /// What a reader wants to know, in words.
    var rows: [(name: String, value: String)] {
        [
            ("last process began", started), ("program", program),
            ("device", deviceName ?? processor), ("precision", precision ?? "float32"),
            ("processor", processor), ("threads", "\(threads)"),
            ("vector code", vectorInstructions),
            ("oneDNN", oneDNN), ("memory", scaled(Int(clamping: memoryBytes), "B")),
            ("system", system),
        ]
    }
}
