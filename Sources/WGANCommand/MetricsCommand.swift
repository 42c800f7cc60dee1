import ArgumentParser
import Files
import Foundation
import Runs
import StrictYAML

/// `wgan metrics`.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print what was measured during a training, of a running one too.",
        discussion: """
            Without --csv and --json: a line for each metric, with its last value and its least, \
            mean and greatest finite one. A table has a row for each step at which anything was \
            measured, and a gap where a metric was not.

            Examples:
              wgan metrics runs/mixture-1
              wgan metrics runs/mixture-1 --csv > metrics.csv
              wgan metrics runs/mnist-gp-1 --json --last 100 \\
                --series wassersteinEstimate,criticLoss
            """)

    enum Form: String, EnumerableFlag {
        case csv, json

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .csv: "Print a table."
            case .json: "Print one JSON object."
            }
        }
    }

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Flag(exclusivity: .exclusive) var form: Form?

    @Option(help: ArgumentHelp("Only these metrics.", valueName: "name,name…"))
    var series: String?

    @Option(help: ArgumentHelp("Only the last steps that were measured.", valueName: "steps"))
    var last: Int?

    func run() throws {
        let series = try Refusal.guarding { try read() }
        let text =
            switch form {
            case .csv: String(decoding: try MetricsTable(series).csv(), as: UTF8.self)
            case .json:
                String(decoding: try JSONEncoder.sorted.encode(json(series)), as: UTF8.self) + "\n"
            case nil: MetricSummary(series).description
            }
        try print(text, terminator: "")
    }

    private func read() throws -> [String: MetricSeries] {
        if let last, last < 1 {
            throw CommandFailure("--last \(last) makes no sense; give at least 1")
        }
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        let history = try MetricHistory(in: run)
        let names = try chosen(of: history.names())
        let series = try history.series(of: names)
        return last.map(series.lastSteps) ?? series
    }

    /// The metrics that --series names; nil for all.
    private func chosen(of known: [String]) throws -> Set<String>? {
        guard let series else { return nil }
        let names = series.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for name in names where !known.contains(name) {
            let remedy =
                NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
                ?? (known.isEmpty
                    ? "nothing was measured yet" : "known: " + known.joined(separator: ", "))
            throw CommandFailure("--series: \(folder) has no metric '\(name)'; \(remedy)")
        }
        return Set(names)
    }

    private func json(_ series: [String: MetricSeries]) -> JSONValue {
        .object([
            "run": .text(folder),
            "metrics": .object(
                series.mapValues { series in
                    .object([
                        "steps": .list(series.steps.map { .integer($0) }),
                        "values": .numbers(series.values),
                    ])
                }),
        ])
    }
}

/// Metrics for people: a line for each.
private struct MetricSummary: CustomStringConvertible {
    private let rows: [[String]]

    init(_ series: [String: MetricSeries]) {
        rows = series.sorted { $0.key < $1.key }.map { name, series in
            let finite = series.values.filter(\.isFinite)
            let mean = finite.reduce(0, +) / Double(finite.count)
            let numbers: [Double?] = [series.values.last, finite.min(), mean, finite.max()]
            let shown = numbers.map { Self.shown($0 ?? .nan) }
            return [name, series.steps.last.map { "\($0)" } ?? "–"] + shown
        }
    }

    private static func shown(_ number: Double) -> String {
        number.isNaN ? "–" : number.formatted(significantDigits: 5)
    }

    var description: String {
        let heading = ["metric", "step", "last", "least", "mean", "greatest"]
        return "\(TextTable(.leading, .trailing, heading: heading, rows: rows))\n"
    }
}
