import ArgumentParser
import Figures
import Foundation
import Runs

/// `wgan distances`.
struct DistancesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distances",
        abstract: "Show why the Wasserstein distance is the one to learn by.",
        discussion: """
            Makes three figures, each as SVG and PNG: four distances between two parallel lines as \
            they move apart; what a classifier and a Wasserstein critic, both trained here, tell a \
            generator that is far from the data; and what generators of both kinds, trained here \
            too, find of eight Gaussians. The last takes minutes. Documentation/distances.md \
            explains them.

            Examples:
              wgan distances
              wgan distances --out theory --steps 500 --seeds 1
            """)

    @Option(help: ArgumentHelp("Where figures go: an absent or empty folder.", valueName: "folder"))
    var out = "distances"

    @Option(help: "Generator steps of each training on the eight Gaussians.")
    var steps = 4000

    @Option(help: "How many times each of them is trained, with seeds from 1.")
    var seeds = 3

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let place = try Refusal.guarding { try prepare() }
        try place.write(figure: try ParallelLinesFigure().figure, at: "parallel-lines")
        let gradients = try VanishingGradients(threads: threads)
        try place.write(figure: gradients.figure, at: "vanishing-gradients")
        let bar = ProgressBar(total: 2 * seeds * steps, isQuiet: quiet)
        let collapse = try ModeCollapse(steps: steps, seeds: seeds, threads: threads) {
            bar.update(iteration: $0)
        }
        bar.finish()
        try place.write(figure: collapse.figure, at: "mode-collapse")
        let object = JSONValue.object([
            "gradients": gradients.json, "modes": collapse.json, "out": .text(out),
        ])
        try print(
            json
                ? String(decoding: try JSONEncoder.sorted.encode(object), as: UTF8.self)
                : [gradients.text, collapse.text, "figures in \(out)"].joined(separator: "\n"))
    }

    private func prepare() throws -> RunFolder {
        for (name, value, range) in [
            ("steps", steps, 1...1_000_000), ("seeds", seeds, 1...100),
            ("threads", threads ?? 1, 1...1024),
        ] where !range.contains(value) {
            throw CommandFailure(
                "--\(name) \(value) makes no sense; give \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return try FigureFolder.create(out)
    }
}
