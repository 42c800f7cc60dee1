import ArgumentParser
import Foundation
import Runs
import WGAN

/// `wgan evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a finished run: its samples, and its critic.",
        discussion: """
            Points are compared with fresh ones of the distribution, images with the training and \
            the test split, seen by a classifier where the data is MNIST or Fashion-MNIST, else by \
            their pixels. Of a conditional run the classifier also tells which share of the samples \
            it takes for the class that was asked for. Each score is the mean over several sampling seeds, with the half width \
            of its 95 % confidence interval.

            The run's folder keeps the result, which wgan report then shows.

            Examples:
              wgan evaluate runs/mixture-1
              wgan evaluate runs/mnist-gp-1 --data ~/data/mnist --seeds 3 --json
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(help: "Samples on each side; by default 1000 points or 10000 images.")
    var samples: Int?

    @Option(help: "Sampling seeds; by default 5 for points and 3 for images.")
    var seeds: Int?

    @Option(help: ArgumentHelp("The folder with the data's files.", valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let run = try Refusal.guarding { try prepare() }
        let card =
            try run.configuration.data.distribution.map { distribution in
                let count = samples ?? 1000
                return try Scorecard(
                    run, count: count, seeds: seeds ?? 5, auditCount: min(count, 500),
                    values: PointScores(run: run, distribution: distribution, count: count).values)
            } ?? imageCard(run)
        print(json ? try card.json : card.text)
        do {
            try run.folder.write(Data(card.json.utf8), at: Scorecard.path)
        } catch let failure as FileFailure {
            note("the scorecard is not kept for wgan report: \(failure)")
        }
    }

    private func imageCard(_ run: FinishedRun) throws -> Scorecard {
        let count = samples ?? 10_000
        // Missing files of the data are found here.
        let scores = try Refusal.guarding { try ImageScores(run, count: count) }
        return try Scorecard(
            run, count: count, seeds: seeds ?? 3, auditCount: min(count, 250),
            facts: scores.facts, references: scores.referenceCounts, values: scores.values)
    }

    private func prepare() throws -> FinishedRun {
        for (name, value, range) in [
            ("samples", samples, 10...100_000), ("seeds", seeds, 1...1000),
            ("threads", threads, 1...1024),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw CommandFailure(
                "--\(name) \(value) makes no sense; give \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return try FinishedRun(folder, data: data, threads: threads)
    }
}

/// All that is said about a run.
struct Scorecard {
    /// The scorecard's place in the run folder.
    static let path = "evaluation.json"

    private let members: [String: JSONValue]
    private let scores: [Score]
    private let report: AuditReport?
    private let heading: String

    /// Measures one seed after the other, then examines the critic.
    ///
    /// - Parameter values: The measures of one sampling seed.
    init(
        _ run: FinishedRun, count: Int, seeds: Int, auditCount: Int,
        facts: [String: JSONValue] = [:], references: [String: JSONValue] = [:],
        values: (UInt64) throws -> [(metric: String, split: String?, value: Double)]
    ) throws {
        scores = .gathered(try (0..<seeds).map { try values(UInt64($0)) })
        report = try run.audit(auditCount).map(AuditReport.init(audit:))
        var members: [String: JSONValue] = [
            "run": .text(run.name), "samples": .integer(count), "seeds": .integer(seeds),
            "arithmetic": .text("networks float32, measures float64"),
            "scores": .list(scores.map(\.json)),
        ]
        if let report { members["audit"] = report.json }
        if !references.isEmpty { members["realSamples"] = .object(references) }
        self.members = members.merging(facts) { $1 }
        let extractor = facts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }
        let counts = references.sorted { $0.key < $1.key }.map { "\($0.value.shown) of \($0.key)" }
        heading =
            (["\(run.name): \(count) samples, \(seeds) seeds"] + counts + extractor)
            .joined(separator: ", ")
    }

    /// One JSON object.
    var json: String {
        get throws { String(decoding: try JSONEncoder.sorted.encode(members), as: UTF8.self) }
    }

    /// Lines for people.
    var text: String {
        ([heading] + scores.map { "  " + $0.text } + (report.map { [$0.text] } ?? [])).joined(
            separator: "\n")
    }
}
