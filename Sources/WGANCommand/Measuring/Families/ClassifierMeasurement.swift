import Evaluation
import FeatureNetworks
import Runs

/// The classifier score of one side: clear classes in every sample, all classes in the set.
struct ClassifierMeasurement: Measurement {
    var name: String { "is" }
    var inputs: String { "samples alone, seen by --extractor" }
    var summary: String { ClassifierScore.description.summary }
    var better: MeasureDescription.Direction { .higher }
    var needsSecond: Bool { false }
    var options: Set<MeasureOption> { MeasureOption.ofFeatures.union([.splits]) }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard request.second == nil else {
            throw CommandFailure("the classifier score is of one side; leave out B")
        }
        let extraction = try Extraction(request.options)
        let (samples, result) = try request.sideA.reading { try extraction.result($0) }
        try request.sideA.require(request.options.splits ?? 1, found: samples.count)
        guard let probabilities = result?.probabilities else {
            throw CommandFailure(
                "the classifier score needs a network with classes; give --extractor mnist, "
                    + "fashion-mnist, or a .safetensors file with layers after its features")
        }
        let score = try ClassifierScore(
            probabilities: probabilities, splits: request.options.splits ?? min(10, samples.count))
        return MeasureResult(
            metric: name, value: .number(score.value),
            details: [
                ("standardDeviation", .number(score.standardDeviation)),
                ("splits", .integer(score.perSplit.count)), ("classes", .integer(score.classes)),
            ] + extraction.facts + [
                ("a", samples.facts), ("arithmetic", .text("network float32, measure float64")),
            ])
    }
}
