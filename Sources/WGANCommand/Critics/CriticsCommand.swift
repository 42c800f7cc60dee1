import ArgumentParser
import CPUExecutor
import Datasets
import Files
import Foundation
import Runs
import Synchronization
import WGAN

/// `wgan critics`.
struct CriticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "critics",
        abstract: "Hold critics against distances that are known.",
        discussion: """
            Each method learns a critic of pairs of distributions whose distance, optimal map and \
            optimal critic are known exactly, and is judged by how near it comes to them: by the \
            cosine between its gradient and the right one, and by its estimate as a share of the \
            distance.
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Pairs: dimensions and funnels.", valueName: "D,N"))
    var pairs: [PairArgument] = [.init(2, 4), .init(16, 16), .init(64, 16)]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of methods, and files of trainings.", valueName: "method"))
    var methods: [String] = ["clip", "gp", "lp", "sn", "so"]

    @Option(help: "The most updates of a critic.")
    var updates = 2000

    @Flag(help: "As many updates as published.")
    var published = false

    @Option(parsing: .upToNextOption, help: "Seeds of pairs and trainings.")
    var seeds: [UInt64] = [1]

    @Option(help: "Methods to learn at a time; by default one for each processor.")
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func run() throws {
        let trials = try Refusal.guarding { try prepare() }
        let total = trials.reduce(0) { $0 + $1.updates }
        let bar = ProgressBar(total: max(total, 1), isQuiet: quiet)
        let done = Mutex(0)
        let results = try inParallel(trials, threads: threads) { trial -> CriticResult in
            let (scores, seconds, _) = try trial.run(on: CPUDevice(threads: 1)) { _ in
                bar.update(
                    iteration: done.withLock {
                        $0 += 1
                        return $0
                    })
            }
            return CriticResult(trial, scores, seconds)
        }
        bar.finish()
        if json { return try print(CriticResult.json(results)) }
        try print(CriticResult.table(results).description)
    }

    private func prepare() throws -> [CriticTrial] {
        let known = try methods.map(method(named:))
        return pairs.flatMap { pair in
            known.flatMap { method in
                seeds.map { seed in
                    CriticTrial(
                        method, dimensions: pair.dimensions, funnels: pair.funnels, seed: seed,
                        most: published ? nil : updates)
                }
            }
        }
    }

    private func method(named name: String) throws -> any CriticMethod {
        if let known = PublishedCritics.all.first(where: { $0.name == name }) { return known }
        return try CriticRecipe(presetOrFile: name)
    }
}

/// A pair on the command line: `16,64`.
struct PairArgument: ExpressibleByArgument {
    let dimensions: Int
    let funnels: Int

    init(_ dimensions: Int, _ funnels: Int) {
        (self.dimensions, self.funnels) = (dimensions, funnels)
    }

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0) }
        guard numbers.count == 2, let dimensions = numbers[0], let funnels = numbers[1] else {
            return nil
        }
        self.init(dimensions, funnels)
    }

    var defaultValueDescription: String { "\(dimensions),\(funnels)" }
}

/// What came of a trial.
struct CriticResult: Encodable {
    let method: String
    let dimensions: Int
    let funnels: Int
    let seed: UInt64
    let updates: Int
    let seconds: Double
    let scores: CriticScores

    init(_ trial: CriticTrial, _ scores: CriticScores, _ seconds: Double) {
        (method, dimensions, funnels) = (trial.method.name, trial.dimensions, trial.funnels)
        (seed, updates) = (trial.seed, trial.updates)
        (self.seconds, self.scores) = (seconds, scores)
    }

    static func json(_ results: [CriticResult]) throws -> String {
        String(decoding: try JSONEncoder.sorted.encode(results), as: UTF8.self)
    }

    static func table(_ results: [CriticResult]) -> TextTable {
        TextTable(
            .trailing, .leading, .trailing,
            heading: [
                "D,N", "method", "seed", "updates", "cos", "L2", "estimate/W1", "/slope",
                "cos uniform", "largest slope", "s",
            ],
            rows: results.map { it in
                let scores = it.scores
                return [
                    "\(it.dimensions),\(it.funnels)", it.method, "\(it.seed)", "\(it.updates)",
                ]
                    + [
                        scores.cosine, scores.squaredError, scores.ratio, scores.boundedRatio,
                        scores.uniformCosine ?? .nan, scores.largestSlope,
                    ].map { String(format: "%.3f", $0) }
                    + [String(format: "%.1f", it.seconds)]
            })
    }
}

/// What `body` makes of each element, of which some are worked on at a time.
func inParallel<Element: Sendable, Result: Sendable>(
    _ elements: [Element], threads: Int?, _ body: @Sendable (Element) throws -> Result
) throws -> [Result] {
    let next = Mutex(0)
    let results = Mutex([Int: Swift.Result<Result, any Error>]())
    let workers = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, elements.count)
    DispatchQueue.concurrentPerform(iterations: max(workers, 1)) { _ in
        while true {
            let number = next.withLock { next -> Int in
                defer { next += 1 }
                return next
            }
            guard number < elements.count else { return }
            let result = Swift.Result { try body(elements[number]) }
            results.withLock { $0[number] = result }
            if case .failure = result { next.withLock { $0 = elements.count } }
        }
    }
    let found = results.withLock { $0 }
    for number in elements.indices {
        if case .failure(let error)? = found[number] { throw error }
    }
    return try elements.indices.map { try found[$0]!.get() }
}
