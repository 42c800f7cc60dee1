import Evaluation
import Files
import Runs

/// The measures of several runs beside each other, and which differences are more than chance.
struct RunComparison {
    /// One measure of all runs.
    struct Row {
        let name: String
        /// In the order of the runs.
        let scores: [Score]
        /// The later runs against the first; nil where it cannot be told.
        let tests: [WelchTest?]
        /// Their probabilities, adjusted for the number of all tests.
        fileprivate(set) var adjusted: [Double?]
    }

    /// What the probabilities are.
    static let method =
        "Welch's t-test over independent sampling seeds, against the first run, two-sided; "
        + "Holm's adjustment over all tests shown. It tells the trained generators apart, not the "
        + "methods that trained them: that takes several training seeds of each"

    let labels: [String]
    /// What tells each run's weights from others.
    let stamps: [WeightsStamp]
    private(set) var rows: [Row]

    /// Compares the measures that all runs have.
    ///
    /// - Parameter scores: Those of each run.
    init(labels: [String], stamps: [WeightsStamp], scores: [[Score]]) {
        (self.labels, self.stamps) = (labels, stamps)
        rows = (scores.first ?? []).compactMap { first in
            guard first.metric != PointScores.floor else { return nil }
            let others = scores.dropFirst().map { list in
                list.first { $0.metric == first.metric && $0.split == first.split }
            }
            let found = others.compactMap { $0 }
            guard found.count == others.count else { return nil }
            let tests = found.map { WelchTest($0.values, first.values) }
            return Row(
                name: first.name, scores: [first] + found, tests: tests,
                adjusted: tests.map { _ in nil })
        }
        let places = rows.indices.flatMap { row in
            rows[row].tests.indices.compactMap { test in
                rows[row].tests[test].map { (row: row, test: test, pValue: $0.pValue) }
            }
        }
        for (place, adjusted) in zip(places, WelchTest.adjusted(places.map { $0.pValue })) {
            rows[place.row].adjusted[place.test] = adjusted
        }
    }

    var json: JSONValue {
        .object([
            "runs": .list(labels.map { .text($0) }), "method": .text(Self.method),
            "measures": .list(rows.map(object)),
            "weights": .list(
                stamps.map { stamp in
                    var members: [String: JSONValue] = ["xxh64": .text(stamp.xxh64)]
                    members["step"] = stamp.step.map { .integer($0) }
                    return .object(members)
                }),
        ])
    }

    private func object(_ row: Row) -> JSONValue {
        let tests = zip(labels.dropFirst(), zip(row.tests, row.adjusted)).compactMap {
            label, test -> JSONValue? in
            guard let welch = test.0, let adjusted = test.1 else { return nil }
            return .object([
                "run": .text(label), "against": .text(labels[0]),
                "difference": .number(welch.difference),
                "halfWidth95": .number(welch.halfWidth95), "p": .number(welch.pValue),
                "adjustedP": .number(adjusted),
            ])
        }
        return .object([
            "name": .text(row.name), "scores": .list(row.scores.map(\.json)),
            "tests": .list(tests),
        ])
    }

    /// A table for people.
    var text: String {
        let table = TextTable(
            heading: ["", labels[0]] + labels.dropFirst().flatMap { [$0, "p"] },
            rows: rows.map(fields))
        let weights = zip(labels, stamps).map { "\($0): \($1.shown)" }
        return (table.lines + weights + ["p: \(Self.method)."]).joined(separator: "\n")
    }

    private func fields(_ row: Row) -> [String] {
        let values = row.scores.map { $0.shown(significantDigits: 4) }
        let others = zip(values.dropFirst(), row.adjusted).flatMap { value, adjusted in
            [value, adjusted.map { $0.formatted(significantDigits: 2) } ?? "–"]
        }
        return [row.name, values[0]] + others
    }
}
