import ArgumentParser
import Files
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
        try print(TextTable(rows: Presets.all.map { [$0.name, try summary(of: $0)] }))
    }

    private func summary(of preset: Preset) throws -> String {
        try TrainingConfiguration(preset.document()).summary
    }
}
