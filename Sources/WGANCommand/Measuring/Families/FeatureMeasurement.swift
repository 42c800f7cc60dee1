import Evaluation
import Philox
import Runs

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

    var options: Set<MeasureOption> {
        switch kind {
        case .fid: MeasureOption.ofFeatures
        case .kid: MeasureOption.ofFeatures.union([.subsets, .subsetSize, .seed])
        default: MeasureOption.ofFeatures.union([.neighbour])
        }
    }

    /// How many samples a side needs.
    private func least(_ options: MeasureOptions) -> Int {
        switch kind {
        case .fid: 2
        case .kid: options.subsetSize ?? 2
        default: (options.neighbour ?? Self.usualNeighbour) + 1
        }
    }

    private static let usualNeighbour = 5

    private var description: MeasureDescription? {
        MeasureCatalogue.all.first { $0.name == kind.rawValue }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let extraction = try Extraction(request.options)
        let (a, b) = (request.sideA, try request.sideB())
        let (first, second) = try extraction.features(a, b)
        try a.require(least(request.options), found: first.features.count)
        try b.require(least(request.options), found: second.features.count)
        var result = try value(first.features, second.features, request.options)
        result.metric = extraction.title(of: result.metric)
        result.details +=
            extraction.facts + [
                ("features", .integer(first.features.dimensions)), ("a", first.samples.facts),
                ("b", second.samples.facts),
                ("arithmetic", extraction.arithmetic(of: [first.samples, second.samples])),
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
        let seed = options.seed ?? 0
        var random = RandomStream(seed: seed, stream: 0)
        let size = options.subsetSize ?? min(1000, generated.count, real.count)
        let distance = try KernelDistanceBySubsets(
            generated, real, subsets: options.subsets ?? 100, size: size, using: &random)
        var details: [(name: String, value: JSONValue)] = [
            ("standardError", distance.standardError.map { .number($0) } ?? .nothing),
            ("standardDeviation", .number(distance.standardDeviation)),
            ("subsets", .integer(distance.values.count)), ("subsetSize", .integer(size)),
            ("seed", .whole(seed)),
        ]
        if distance.standardError == nil {
            let reason =
                distance.values.count == 1
                ? "one subset does not vary; give --subsets 2 or more"
                : "each subset holds all of the smaller side; give a smaller --subset-size"
            details.insert(("noStandardError", .text(reason)), at: 1)
        }
        return MeasureResult(metric: name, value: .number(distance.mean), details: details)
    }

    private func neighbours(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let scores = try NeighbourScores(
            real: real, generated: generated, neighbour: options.neighbour ?? Self.usualNeighbour)
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
