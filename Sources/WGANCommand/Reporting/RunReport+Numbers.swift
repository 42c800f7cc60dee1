import CPUExecutor
import Foundation
import Runs

extension RunReport {
    /// A number of the first view.
    struct Tile {
        let name: String
        let value: String
        var note: String?
    }

    /// How far the training is.
    var state: String {
        guard summary != nil else {
            return "Not finished: the last step measured is \(lastStep)."
        }
        let begun = environment.map { ", begun \($0.started)" } ?? ""
        return "Finished after \(lastStep) steps\(begun)."
    }

    private var lastStep: Int { last.values.map(\.step).max() ?? 0 }

    var tiles: [Tile] {
        var tiles = [Tile(name: "steps", value: "\(lastStep)")]
        if let seconds = summary?["seconds"]?.double {
            tiles.append(
                Tile(
                    name: "time", value: "\(decimal(seconds, 1)) s",
                    note:
                        "\((Double(lastStep) / seconds).formatted(significantDigits: 3)) steps a second"
                ))
        }
        if let estimate = last["wassersteinEstimate"]?.value {
            tiles.append(
                Tile(
                    name: "critic's estimate", value: decimal(estimate, 4),
                    note: "in units of its slope"))
        }
        if let distance = summary?["exactW1"]?.double {
            let floor = summary?["exactW1Floor"]?.double ?? .nan
            tiles.append(
                Tile(
                    name: "exact W₁", value: decimal(distance, 4),
                    note: "two real samples: \(decimal(floor, 4))"))
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
            ("begun", started), ("program", program), ("processor", processor),
            ("threads", "\(threads)"), ("vector code", vectorInstructions),
            ("oneDNN", oneDNN), ("memory", scaled(Int(clamping: memoryBytes), "B")),
            ("system", system),
        ]
    }
}
