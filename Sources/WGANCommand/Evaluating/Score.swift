import Evaluation
import Runs

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
    /// values are normally distributed; nil for one seed.
    var halfWidth: Double? {
        guard values.count > 1 else { return nil }
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
