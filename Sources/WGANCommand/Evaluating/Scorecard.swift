import Evaluation
import Files
import Foundation
import Runs

/// All that is said about a run.
struct Scorecard {
    private let members: [String: JSONValue]
    private let scores: [Score]
    private let report: AuditReport?
    private let heading: String
    /// How near samples are to training images; nil for points and data without end.
    var memorisation: Memorisation?

    /// Measures one seed after the other, then examines the critic.
    ///
    /// - Parameter values: The measures of one sampling seed.
    init(
        _ run: FinishedRun, count: Int, seeds: Int, auditCount: Int,
        facts: [String: JSONValue] = [:], references: [String: JSONValue] = [:],
        values: (UInt64) throws -> [(metric: String, split: String?, value: Double)]
    ) throws {
        scores = .gathered(try (0..<seeds).map { try values(UInt64($0)) })
        report = try Self.audit(run, auditCount)
        var members: [String: JSONValue] = [
            "run": .text(run.name), "weightsXXH64": .text(run.stamp.xxh64),
            "samples": .integer(count), "seeds": .integer(seeds),
            "arithmetic": .text("networks float32, measures float64"),
            "scores": .list(scores.map(\.json)),
        ]
        if let step = run.stamp.step { members["step"] = .integer(step) }
        if let report { members["audit"] = report.json }
        if !references.isEmpty { members["realSamples"] = .object(references) }
        self.members = members.merging(facts) { $1 }
        let extractor = facts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }
        let counts = references.sorted { $0.key < $1.key }.map { "\($0.value.shown) of \($0.key)" }
        heading =
            ([
                "\(run.name), \(run.stamp.shown): \(counted(count, "sample")), "
                    + counted(seeds, "seed")
            ] + counts
            + extractor)
            .joined(separator: ", ")
    }

    /// Examines the critic; where that cannot be done, the scores are told all the same.
    private static func audit(_ run: FinishedRun, _ count: Int) throws -> AuditReport? {
        do {
            return try run.audit(count).map(AuditReport.init(audit:))
        } catch let failure as CommandFailure {
            note("the critic is not examined: \(failure)")
            return nil
        }
    }

    /// One JSON object.
    var json: String {
        get throws {
            var members = members
            if let memorisation { members["memorisation"] = memorisation.json }
            return String(decoding: try JSONEncoder.sorted.encode(members), as: UTF8.self)
        }
    }

    /// Lines for people.
    var text: String {
        let table = TextTable(
            .leading(atLeast: 26), .leading,
            rows: scores.map { [$0.name, $0.shown(significantDigits: 5)] })
        let parts = [memorisation?.text, report?.text].compactMap { $0 }
        return ([heading] + table.lines.map { "  " + $0 } + parts).joined(separator: "\n")
    }
}

/// One measure of a run's samples, over several sampling seeds.
struct Score {
    /// The measure's name.
    let metric: String
    /// The part of the data that samples were compared with; nil for fresh samples.
    let split: String?
    /// The value of each seed.
    let values: [Double]

    var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// Half the width of the interval that holds the mean over all seeds with 95 % confidence, if
    /// values are normally distributed; nil for one seed, and where a value is infinite.
    var halfWidth: Double? {
        guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
        let freedom = Double(values.count - 1)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares / freedom / Double(values.count)).squareRoot()
        return StudentDistribution(freedom).quantile(twoSided: 0.05) * error
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "metric": .text(metric), "mean": .number(mean), "perSeed": .numbers(values),
        ]
        if let split { members["split"] = .text(split) }
        if let halfWidth { members["halfWidth95"] = .number(halfWidth) }
        return .object(members)
    }

    /// `fid (test)`.
    var name: String { metric + (split.map { " (\($0))" } ?? "") }

    /// `12.3 ± 0.4`.
    func shown(significantDigits digits: Int) -> String {
        mean.formatted(significantDigits: digits)
            + (halfWidth.map { " ± \($0.formatted(significantDigits: 2))" } ?? "")
    }
}

extension [Score] {
    /// Scores from the values of each seed, which name the same measures in the same order.
    static func gathered(
        _ seeds: [[(metric: String, split: String?, value: Double)]]
    ) -> [Score] {
        guard let first = seeds.first else { return [] }
        return first.indices.map { place in
            Score(
                metric: first[place].metric, split: first[place].split,
                values: seeds.map { $0[place].value })
        }
    }
}
