import ArgumentParser
import Foundation
import Runs
import WGAN

/// `wgan compare`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Hold runs beside each other.",
        discussion: """
            Prints the measures of all runs, each with the half width of its 95 % confidence \
            interval over sampling seeds, and the probability that a difference from the first run \
            is chance alone: by Welch's t-test, adjusted for the number of tests. With --out it \
            also draws, into an empty folder, the exact W₁ and the losses over the trainings \
            (comparison.svg, .png) and, for points of the plane, an animation of all runs side by \
            side (comparison.gif); both need runs with the output frames.

            Examples:
              wgan compare runs/clipping runs/spectral --out comparison
              wgan compare runs/mnist-dcgan-1 runs/mnist-gp-1 --samples 2000 --json
            """)

    @Argument(help: ArgumentHelp("The runs' folders, two or more.", valueName: "run"))
    var folders: [String]

    @Option(help: ArgumentHelp("Where figures go: an absent or empty folder.", valueName: "folder"))
    var out: String?

    @OptionGroup var weights: WeightsOptions

    @Option(help: "Samples on each side; by default as many as wgan evaluate takes.")
    var samples: Int?

    @Option(help: "Sampling seeds; by default 10 for points and 3 for images.")
    var seeds: Int?

    @Option(help: "The most frames of the animation.")
    var frames = 100

    @Option(
        help: ArgumentHelp(
            "The folder with the data's files; by default the one that each training used.",
            valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let (runs, place) = try Refusal.guarding { try prepare() }
        for text in runs.flatMap(\.run.notes) { note(text) }
        let scores = try scores(of: runs)
        let comparison = RunComparison(
            labels: runs.map(\.label), stamps: runs.map(\.run.stamp), scores: scores)
        if let place {
            let figures = ComparisonFigures(runs: runs)
            try place.write(figure: try figures.chart(), at: "comparison")
            if let gif = try figures.animation(frames: frames) {
                try place.write(gif, at: "comparison.gif")
            }
        }
        try print(
            json
                ? String(decoding: try JSONEncoder.sorted.encode(comparison.json), as: UTF8.self)
                : comparison.text)
    }

    /// Every run has seeds of its own: the tests take samples for independent.
    private func scores(of runs: [ComparedRun]) throws -> [[Score]] {
        let isOfImages = runs[0].distribution == nil
        let seeds = seeds ?? (isOfImages ? 3 : 10)
        let work = WorkProgress(total: 100 * runs.count * (seeds + 1), "comparing samples")
        defer { work.finish() }
        let count = try Refusal.guarding {
            try isOfImages
                ? ImageScores.count(runs[0].run, asked: samples, note: work.note) : samples ?? 1000
        }
        return try runs.enumerated().map { number, compared in
            let part = { (place: Int) in
                let start = 100 * (number * (seeds + 1) + place)
                return PartProgress(
                    work: work, range: start..<start + 100, prefix: "\(compared.label): ")
            }
            let values = try measured(compared, count, part(0))
            return .gathered(
                try (0..<seeds).map { try values(UInt64(number) << 32 + UInt64($0), part($0 + 1)) })
        }
    }

    /// The measures of a run by sampling seed.
    private func measured(
        _ compared: ComparedRun, _ count: Int, _ progress: PartProgress
    ) throws -> (UInt64, PartProgress) throws -> ImageScores.Values {
        guard let distribution = compared.distribution else {
            // Missing files of the data are found here.
            return try Refusal.guarding {
                try ImageScores(compared.run, count: count, progress: progress)
            }.values
        }
        let scores = PointScores(run: compared.run, distribution: distribution, count: count)
        return { seed, progress in
            progress(0, "comparing points")
            return try scores.values(seed: seed)
        }
    }

    private func prepare() throws -> ([ComparedRun], RunFolder?) {
        guard folders.count > 1 else {
            throw CommandFailure("one run has nothing to be compared with; name at least two")
        }
        for (name, value, range) in [
            ("samples", samples, 10...100_000), ("seeds", seeds, 2...1000),
            ("frames", Optional(frames), 1...1000), ("threads", threads, 1...1024),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw CommandFailure(
                "--\(name) \(value) makes no sense; give \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        if case .file = weights.choice {
            throw CommandFailure(
                "--weights \(weights.weights ?? "") is one file for several runs; give newest, "
                    + "final, best or a step")
        }
        let runs = try ComparedRun.open(folders, weights, data: data, threads: threads)
        return (runs, try out.map { try FigureFolder.create($0) })
    }
}

/// The folder of a command's figures.
enum FigureFolder {
    /// Makes a folder, or takes one that is empty.
    static func create(_ path: String) throws -> RunFolder {
        guard !path.isEmpty else {
            throw CommandFailure("--out is empty; name a folder that is absent or empty")
        }
        return try RunFolder.create(at: URL(fileURLWithPath: path, isDirectory: true))
    }
}
