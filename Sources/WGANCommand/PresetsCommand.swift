import ArgumentParser
import WGAN

/// `wgan presets`.
struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "List the presets, or print one as the YAML file that it is.",
        discussion: """
            Examples:
              wgan presets
              wgan presets mixture > mine.yaml
            """)

    @Argument(help: "The preset to print.")
    var name: String?

    func run() throws {
        if let name {
            try print(Refusal.guarding { try Presets.named(name).yaml }, terminator: "")
            return
        }
        let presets = Presets.all
        let width = presets.map(\.name.count).max() ?? 0
        for preset in presets {
            let padding = String(repeating: " ", count: width - preset.name.count + 2)
            try print("\(preset.name)\(padding)\(summary(of: preset))")
        }
    }

    private func summary(of preset: Preset) throws -> String {
        try TrainingConfiguration(preset.document()).summary
    }
}
