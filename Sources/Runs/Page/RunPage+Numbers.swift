import CPUExecutor
import Files
import Foundation
import WGAN

extension RunPage {
    /// A number of the first view.
    struct Tile {
        let name: String
        let value: String
        var note: String?
    }

    /// How far the training is.
    var state: String {
        let begun = record?.begun.map { ", begun \($0)" } ?? ""
        let steps = record?.resumptions(upTo: lastStep).map { "\($0)" } ?? []
        let resumed = steps.isEmpty ? "" : ", gone on with at step \(steps.joined(separator: ", "))"
        guard summary != nil else {
            return "Not finished: the last step measured is \(lastStep)\(begun)\(resumed)."
        }
        return "Finished after \(counted(lastStep, "step"))\(begun)\(resumed)."
    }

    /// The last step at which anything was measured.
    var lastStep: Int { last.values.map(\.step).max() ?? 0 }

    /// What the configuration is good for, in words that are true of a run that was changed on its
    /// way.
    var configurationTitle: String {
        guard let record, let environment, let yaml else { return "config.yaml" }
        let reasons = record.deviations(of: yaml, upTo: lastStep)
        guard reasons.isEmpty else {
            return "config.yaml, which alone does not train the same bits again: "
                + reasons.joined(separator: "; ")
        }
        return "config.yaml, which trains the same bits again with --threads "
            + "\(environment.threads) and the same vector code"
    }

    var tiles: [Tile] {
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
            ("last process began", started), ("program", program), ("processor", processor),
            ("threads", "\(threads)"), ("vector code", vectorInstructions),
            ("oneDNN", oneDNN), ("memory", scaled(Int(clamping: memoryBytes), "B")),
            ("system", system),
        ]
    }
}
