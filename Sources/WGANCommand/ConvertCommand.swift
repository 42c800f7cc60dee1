import ArgumentParser
import Files
import Foundation
import StrictYAML
import WGAN

/// `wgan convert`.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn a file of the AIDL21-SAGAN project into one of ours.",
        discussion: """
            wgan train accepts such files as they are (arch, path, out, run, num_epochs, …); the \
            result of this command is the same training in our own keys, where every layer can be \
            changed.

            Examples:
              wgan convert input.yaml
              wgan convert input.yaml --out images.yaml
            """)

    @Argument(help: ArgumentHelp("The file to convert.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Where to write; by default to standard output.", valueName: "file"))
    var out: String?

    func run() throws {
        let settings = try Refusal.guarding { try read() }
        for sentence in settings.notes { note(sentence) }
        guard let out else { return try print(settings.configurationYAML, terminator: "") }
        try AtomicFile.write(
            Data(settings.configurationYAML.utf8), to: URL(fileURLWithPath: out))
    }

    private func read() throws -> AIDL21Settings {
        let document = try ConfigurationDocument(contentsOf: URL(fileURLWithPath: file))
        guard document.hasKey(AIDL21Settings.distinctiveKey) else {
            throw CommandFailure(
                "\(file) has no key 'arch' and so is no file of the AIDL21-SAGAN project; "
                    + "train with it as it is")
        }
        let settings = try AIDL21Settings(document)
        guard settings.architecture != .generator else {
            throw CommandFailure(
                "\(file) draws samples (arch: Generator) and describes no training; "
                    + "give it to wgan train, or use wgan sample")
        }
        return settings
    }
}
