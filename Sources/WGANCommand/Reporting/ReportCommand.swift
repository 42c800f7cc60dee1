import ArgumentParser
import Foundation
import Runs

/// `wgan report`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write one page about a run: report.html in its folder.",
        discussion: """
            Curves, samples over time, what wgan evaluate found, the configuration and the \
            machine: all in one file, which loads nothing and can be sent to others as it is. A \
            training writes it at its end; this command writes it anew, for a run that is still \
            being trained or was evaluated since.

            Examples:
              wgan report runs/mixture-1
              wgan evaluate runs/mixture-1 && wgan report runs/mixture-1
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    func run() throws {
        let (run, report) = try Refusal.guarding {
            let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
            return (run, try RunPage(of: run))
        }
        try report.write(in: run)
        try print(run.url(of: RunPage.path).relativePath)
    }
}
