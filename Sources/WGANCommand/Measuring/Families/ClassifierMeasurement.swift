import Evaluation
import FeatureNetworks
import Runs

/// The classifier score of one side: clear classes in every sample, all classes in the set.
struct ClassifierMeasurement: FeatureScore {
    var name: String { "is" }
    var inputs: String { "samples alone, seen by --extractor, or an array of class probabilities" }
    var summary: String { ClassifierScore.description.summary }
    var better: MeasureDescription.Direction { .higher }
    var needsSecond: Bool { false }
    var options: Set<MeasureOption> {
        MeasureOption.ofFeatures.union([.splits, .shuffle, .features])
    }

    func least(_ options: MeasureOptions) -> Int { options.splits ?? 1 }

    func leastOfB(_ options: MeasureOptions) -> Int { 1 }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard request.second == nil else {
            throw CommandFailure("the classifier score is of one side; leave out B")
        }
        let extraction = try Extraction(request.options)
        let side = try extraction.features(request.sideA, request.work)
        try request.sideA.require(least(request.options), found: side.features.count)
        try FeatureArray.write(side, to: request.options.features)
        var result = try score(of: side, request.options)
        result.details +=
            extraction.facts + [
                ("a", side.samples.facts),
                ("arithmetic", extraction.arithmetic(of: [side.samples])),
            ]
        return result
    }

    func value(
        _ generated: Extraction.Side, _ real: Extraction.Side, _ options: MeasureOptions
    ) throws -> MeasureResult { try score(of: generated, options) }

    private func score(
        of side: Extraction.Side, _ options: MeasureOptions
    ) throws -> MeasureResult {
        guard let probabilities = side.probabilities ?? side.points else {
            throw CommandFailure(
                "the classifier score needs a network with classes; give --extractor mnist, "
                    + "fashion-mnist, or a .safetensors file with layers after its features, or an "
                    + "array of class probabilities")
        }
        let seed = options.seed ?? 0
        let score = try ClassifierScore(
            probabilities: probabilities, splits: options.splits ?? min(10, probabilities.count),
            shuffledBy: options.shuffle ? seed : nil)
        var details: [(name: String, value: JSONValue)] = [
            ("standardDeviation", .number(score.standardDeviation)),
            ("splits", .integer(score.perSplit.count)), ("classes", .integer(score.classes)),
        ]
        if options.shuffle { details.append(("shuffled", .text("by seed \(seed)"))) }
        return MeasureResult(metric: name, value: .number(score.value), details: details)
    }
}

extension Extraction.Side {
    /// The rows of an array that no network has seen; nil for images.
    fileprivate var points: FeatureMatrix? {
        if case .points = samples.content { features } else { nil }
    }
}
