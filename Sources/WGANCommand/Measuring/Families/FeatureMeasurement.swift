import Evaluation
import Philox

/// Distances and scores of feature sets.
struct FeatureMeasurement: Measurement {
    private enum Kind: String, CaseIterable {
        case fid, kid, prdc, precision, recall, density, coverage
    }

    private let kind: Kind

    static var all: [any Measurement] { Kind.allCases.map { FeatureMeasurement(kind: $0) } }

    var name: String { kind.rawValue }
    var inputs: String { "samples, seen by --extractor" }
    var better: MeasureDescription.Direction { description?.better ?? .higher }
    var summary: String { description?.summary ?? "precision, recall, density and coverage" }

    private var description: MeasureDescription? {
        MeasureCatalogue.all.first { $0.name == kind.rawValue }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let extraction = try Extraction(request.options)
        let (generated, first) = try extraction.features(request.first)
        let (real, second) = try extraction.features(request.requiredSecond())
        var result = try value(first, second, request.options)
        result.details +=
            extraction.facts + [
                ("features", .integer(first.dimensions)), ("a", generated.facts), ("b", real.facts),
                ("arithmetic", .text("features float32, measure float64")),
            ]
        return result
    }

    private func value(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        switch kind {
        case .fid:
            let distance = try FrechetDistance(generated, real)
            return MeasureResult(
                metric: name, value: .number(distance.value),
                details: [
                    ("meanTerm", .number(distance.meanTerm)),
                    ("covarianceTerm", .number(distance.covarianceTerm)),
                ])
        case .kid: return try kernelDistance(generated, real, options)
        default: return try neighbours(generated, real, options)
        }
    }

    private func kernelDistance(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        var random = RandomStream(seed: options.seed, stream: 0)
        let size = options.subsetSize ?? min(1000, generated.count, real.count)
        let distance = try KernelDistanceBySubsets(
            generated, real, subsets: options.subsets, size: size, using: &random)
        var details: [(name: String, value: JSONValue)] = [
            ("standardDeviation", .number(distance.standardDeviation)),
            ("subsets", .integer(options.subsets)), ("subsetSize", .integer(size)),
            ("seed", .integer(Int(truncatingIfNeeded: options.seed))),
        ]
        if let error = distance.standardError {
            details.insert(("standardError", .number(error)), at: 0)
        }
        return MeasureResult(metric: name, value: .number(distance.mean), details: details)
    }

    private func neighbours(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let scores = try NeighbourScores(
            real: real, generated: generated, neighbour: options.neighbour)
        let all = [
            "precision": scores.precision, "recall": scores.recall, "density": scores.density,
            "coverage": scores.coverage,
        ]
        let value = all[name].map { JSONValue.number($0) }
        return MeasureResult(
            metric: name, value: value ?? .object(all.mapValues { .number($0) }),
            details: [("neighbour", .integer(scores.neighbour))])
    }
}
