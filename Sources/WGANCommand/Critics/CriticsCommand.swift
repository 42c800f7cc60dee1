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
            Each method learns a critic of two distributions whose distance W₁ and optimal critic \
            are known exactly, from fresh samples. It is judged by the cosine between its gradient \
            and the right one (1 is right), by the mean square of their difference (0 is right) \
            and by its estimate as a share of W₁ (1 is right), beside its largest slope, by which \
            an estimate can be too large. Published numbers, of other draws of such pairs, stand \
            beside.

            Methods: \(known.map(\.name).joined(separator: ", ")). A preset's name or a training's \
            file is one too: its critic, with constraint, objective, optimiser and learning rate.

            Examples:
              wgan critics
              wgan critics gp maxmin --pairs 2,16 128,4 --updates 25000 --out critics.html
              wgan critics gp my-critic.yaml --pairs 64,16 --seeds 1 2 3
              wgan critics clip gp lp sn so --published --json
            """)

    @Argument(help: "Names of methods, presets and files; by default some of each kind.")
    var methods: [String] = ["clip", "gp", "lp", "sn", "so", "maxmin"]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Pairs, by their dimensions and funnels.", valueName: "D,N"))
    var pairs: [PairArgument] = [.init(2, 4), .init(16, 16), .init(64, 16)]

    @Option(help: "The most updates of a critic.")
    var updates = 2000

    @Flag(help: "As many updates as a method was published with.")
    var published = false

    @Option(
        parsing: .upToNextOption,
        help: "Each selects pairs, initial values and samples of its own.")
    var seeds: [UInt64] = [1]

    @Option(help: "Critics that learn at a time; by default one for each processor.")
    var threads: Int?

    @Option(help: ArgumentHelp("Write a page with figures.", valueName: "file.html"))
    var out: String?

    @Flag(help: "Print one JSON object for each trial.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    private static let known = PublishedCritics.all + OwnCritics.all

    func run() throws {
        let trials = try Refusal.guarding { try prepare() }
        let bar = ProgressBar(
            total: max(1, trials.reduce(0) { $0 + $1.updates }), isQuiet: quiet)
        let done = Mutex(0)
        defer { bar.finish() }
        let results = try trials.inParallel(threads) { trial in
            let result = try trial.run(on: CPUDevice(threads: 1)) { _ in
                bar.update(
                    iteration: done.withLock {
                        $0 += 1
                        return $0
                    })
            }
            return CriticResult(
                trial, result.scores, result.seconds,
                try CriticField(result.learner, trial.pair()))
        }
        bar.finish()
        let report = CriticsReport(results)
        if let out {
            try AtomicFile.write(Data(report.html.utf8), to: URL(fileURLWithPath: out))
            if !quiet { say("page: \(out)") }
        }
        try print(json ? report.json() : report.text)
    }

    /// All that can be refused before any work starts.
    private func prepare() throws -> [CriticTrial] {
        if out?.isEmpty == true { throw CommandFailure("--out is empty; name a file for the page") }
        guard (1...10_000_000).contains(updates) else {
            throw CommandFailure("--updates \(updates) makes no sense; give 1 to 10000000")
        }
        guard (1...1000).contains(threads ?? 1) else {
            throw CommandFailure("--threads \(threads ?? 0) makes no sense; give 1 to 1000")
        }
        for pair in pairs {
            guard (1...4096).contains(pair.dimensions), pair.funnels >= 1 else {
                throw CommandFailure(
                    "the pair \(pair.dimensions),\(pair.funnels) makes no sense; give 1 to 4096 "
                        + "dimensions and at least 1 funnel, as in 16,64")
            }
            // What is left to refuse is found by making one.
            _ = try KantorovichPair(dimensions: pair.dimensions, funnels: pair.funnels, seed: 0)
        }
        let chosen = try methods.map(Self.method(named:))
        return pairs.flatMap { pair in
            chosen.flatMap { method in
                seeds.map { seed in
                    CriticTrial(
                        method, dimensions: pair.dimensions, funnels: pair.funnels, seed: seed,
                        most: published ? nil : updates)
                }
            }
        }
    }

    private static func method(named name: String) throws -> any CriticMethod {
        if let method = known.first(where: { $0.name == name }) { return method }
        let isWord = !name.contains("/") && !name.contains(".")
        guard !isWord || Presets.all.contains(where: { $0.name == name }) else {
            throw CommandFailure(
                "there is no method '\(name.shown(limit: 60))'; name one of "
                    + known.map(\.name).joined(separator: ", ") + ", a preset, or a training's file"
            )
        }
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
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard numbers.count == 2, let dimensions = numbers[0], let funnels = numbers[1] else {
            return nil
        }
        self.init(dimensions, funnels)
    }

    var defaultValueDescription: String { "\(dimensions),\(funnels)" }
}

extension Array where Element: Sendable {
    /// What `body` makes of each element, of which some are worked on at a time; the first error
    /// ends the work.
    ///
    /// - Parameter threads: How many; nil for one for each processor.
    fileprivate func inParallel<Result: Sendable>(
        _ threads: Int?, _ body: @Sendable (Element) throws -> Result
    ) throws -> [Result] {
        let next = Mutex(0)
        let results = Mutex([Int: Swift.Result<Result, any Error>]())
        let workers = Swift.min(threads ?? ProcessInfo.processInfo.activeProcessorCount, count)
        DispatchQueue.concurrentPerform(iterations: Swift.max(workers, 1)) { _ in
            while true {
                let number = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard number < count else { return }
                let result = Swift.Result { try body(self[number]) }
                results.withLock { $0[number] = result }
                if case .failure = result { next.withLock { $0 = count } }
            }
        }
        let found = results.withLock { $0 }
        for result in found.values {
            if case .failure(let error) = result { throw error }
        }
        return try indices.map { try found[$0]!.get() }
    }
}
