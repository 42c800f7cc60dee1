import ArgumentParser
import Datasets
import Files
import Foundation
import Runs
import WGAN

/// `wgan evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a run: its samples, and its critic.",
        discussion: """
            Points are compared with fresh ones of the distribution, images with the training and \
            the test split, seen by a classifier where the data is MNIST or Fashion-MNIST, else by \
            a network of random weights. Of stacked digits the classes of 26000 samples are \
            counted. Of a conditional run the classifier also tells which share of the samples it \
            takes for the class that was asked for. Each score is the mean over several sampling \
            seeds, with the half width of its 95 % confidence interval.

            For images a sheet shows samples beside the training images that are most like them, \
            and a test tells whether samples are nearer to these than other real images are: \
            figures/nearest-training-images.svg and figures/nearest-distances.svg.

            The run's folder keeps the result with the step and a checksum of the weights, and \
            wgan report shows it. Data that has changed since the training is refused, unless \
            --data names it.

            Examples:
              wgan evaluate runs/mixture-1
              wgan evaluate runs/mnist-gp-1 --data ~/data/mnist --seeds 3 --json
              wgan evaluate runs/mnist-gp-1 --weights 1000 --raw
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @OptionGroup var weights: WeightsOptions

    @Option(
        help: ArgumentHelp(
            "Samples on each side; by default 1000 points, 10000 images that a classifier sees, "
                + "5000 that another network sees, or 2000 of which only pixels are seen (fewer "
                + "where memory is short)."))
    var samples: Int?

    @Option(
        help: ArgumentHelp(
            "What sees images: random, mnist, fashion-mnist, pixels or a .safetensors network; by "
                + "default the data's classifier, else random.", valueName: "name|file"))
    var extractor: String?

    @Option(
        help: ArgumentHelp(
            "Samples that are counted by the modes of a mixture, by default 10000, or by the "
                + "classes of stacked digits, by default 26000."))
    var modeSamples: Int?

    @Option(help: "Sampling seeds; by default 5 for points and 3 for images.")
    var seeds: Int?

    @Option(
        help: ArgumentHelp(
            "The folder with the data's files; by default the one that the training used.",
            valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    @OptionGroup var place: DeviceOption

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let run = try Refusal.guarding { try prepare() }
        for text in run.notes { note(text) }
        let card =
            try run.configuration.data.distribution.map { distribution in
                try pointCard(run, distribution)
            } ?? imageCard(run)
        try print(json ? card.json : card.text)
        do {
            try card.memorisation?.writeFigures(in: run.folder)
            try run.folder.write(Data(card.json.utf8), at: RunPage.evaluationPath)
        } catch let failure as FileFailure {
            note("the scorecard is not kept for wgan report: \(failure)")
        }
    }

    private func pointCard(
        _ run: FinishedRun, _ distribution: any PointDistribution
    ) throws -> Scorecard {
        let (count, seeds) = (samples ?? 1000, seeds ?? 5)
        let work = WorkProgress(total: 100 * (seeds + 1), "comparing points")
        defer { work.finish() }
        let scores = PointScores(
            run: run, distribution: distribution, count: count,
            modeSamples: modeSamples ?? PointScores.usualModeSamples)
        return try Scorecard(
            run, count: count, seeds: seeds, auditCount: min(count, 500), facts: scores.facts
        ) { seed in
            let values = try scores.values(seed: seed)
            work.update(
                100 * (Int(seed) + 1), Self.next(after: seed, of: seeds, "comparing points"))
            return values
        }
    }

    private func imageCard(_ run: FinishedRun) throws -> Scorecard {
        let seeds = seeds ?? 3
        let work = WorkProgress(total: 100 * (seeds + 3), "reading real images")
        defer { work.finish() }
        // Missing files of the data are found here, and what does not fit the memory.
        let scores = try Refusal.guarding {
            let progress = PartProgress(work: work, range: 0..<100)
            let count = try ImageScores.count(
                run, asked: samples, extractor: extractor, note: work.note)
            return try ImageScores(
                run, count: count, modeSamples: modeSamples ?? StackedScores.usualCount,
                extractor: extractor, progress: progress)
        }
        var card = try Scorecard(
            run, count: scores.count, seeds: seeds, auditCount: min(scores.count, 250),
            facts: scores.facts, references: scores.referenceCounts
        ) { seed in
            let start = 100 * (Int(seed) + 1)
            let values = try scores.values(
                seed: seed,
                progress: PartProgress(
                    work: work, range: start..<start + 100,
                    prefix: "seed \(seed + 1) of \(seeds): "))
            work.update(start + 100, Self.next(after: seed, of: seeds, "generating images"))
            return values
        }
        let start = 100 * (seeds + 2)
        card.memorisation = try Memorisation(
            run, count: scores.count,
            progress: PartProgress(work: work, range: start..<start + 100))
        return card
    }

    /// What is done when a seed has its values.
    private static func next(after seed: UInt64, of seeds: Int, _ text: String) -> String {
        Int(seed) + 1 < seeds ? text : "examining the critic"
    }

    private func prepare() throws -> FinishedRun {
        for (name, value, range) in [
            ("samples", samples, 10...100_000), ("mode-samples", modeSamples, 10...1_000_000),
            ("seeds", seeds, 1...1000), ("threads", threads, 1...1024),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw CommandFailure(
                "--\(name) \(value) makes no sense; give \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        let run = try FinishedRun(
            folder, weights, data: data, threads: threads, on: place.choice)
        let trained = run.configuration.data
        guard
            modeSamples == nil || trained.distribution is any MixtureDistribution
                || trained is StackedDigitData
        else {
            throw CommandFailure(
                "--mode-samples is about mixtures and stacked digits, and \(run.name) was trained "
                    + "on other data; leave it out")
        }
        guard extractor == nil || trained.distribution == nil else {
            throw CommandFailure(
                "--extractor is about images, and \(run.name) is of points; leave it out")
        }
        return run
    }
}
