import Evaluation
import FeatureNetworks
import Philox
import Runs

/// Distances and scores of feature sets, several of which can share the features.
struct FeatureMeasurement: FeatureScore {
    private enum Kind: String, CaseIterable {
        case fid
        case fidInfinity = "fid-infinity"
        case kid, mind, prdc, precision, recall, density, coverage, ppl
    }

    private let kind: Kind

    static var all: [any Measurement] { Kind.allCases.map { FeatureMeasurement(kind: $0) } }

    var name: String { kind.rawValue }
    var inputs: String {
        kind == .fid
            ? "samples, seen by --extractor, or their statistics" : "samples, seen by --extractor"
    }
    var better: MeasureDescription.Direction { description?.better ?? .higher }
    var summary: String { description?.summary ?? "precision, recall, density and coverage" }
    var takesStatistics: Bool { kind == .fid }

    var options: Set<MeasureOption> {
        switch kind {
        case .fid: MeasureOption.ofFeatures
        case .fidInfinity: MeasureOption.ofFeatures.union([.sizes, .smallestSize, .seed])
        case .kid:
            MeasureOption.ofFeatures.union(
                [.subsets, .subsetSize, .exact, .degree, .gamma, .coef0, .seed])
        case .mind: MeasureOption.ofFeatures.union([.directions, .seed])
        case .ppl: MeasureOption.ofFeatures.union([.epsilon, .percentiles])
        default: MeasureOption.ofFeatures.union([.neighbour, .closed])
        }
    }

    func least(_ options: MeasureOptions) -> Int {
        switch kind {
        case .fid: 2
        case .fidInfinity: max(3, (options.smallestSize ?? 2) + 1)
        case .kid: options.exact ? 2 : options.subsetSize ?? 2
        case .mind, .ppl: 1
        default: (options.neighbour ?? Self.usualNeighbour) + 1
        }
    }

    func leastOfB(_ options: MeasureOptions) -> Int {
        kind == .fidInfinity ? 2 : least(options)
    }

    private static let usualNeighbour = 5

    private var description: MeasureDescription? {
        MeasureCatalogue.all.first { $0.name == kind.rawValue }
    }

    func value(
        _ generated: Extraction.Side, _ real: Extraction.Side, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (generated, real) = (generated.features, real.features)
        return switch kind {
        case .fid: FeatureMeasurement.result(try FrechetDistance(generated, real))
        case .fidInfinity: try extrapolation(generated, real, options)
        case .kid: try kernelDistance(generated, real, options)
        case .mind: try mongeDistance(generated, real, options)
        case .ppl: try pathLength(generated, real, options)
        default: try neighbours(generated, real, options)
        }
    }

    /// What is said of a Fréchet distance.
    static func result(_ distance: FrechetDistance) -> MeasureResult {
        MeasureResult(
            metric: Kind.fid.rawValue, value: .number(distance.value),
            details: [
                ("meanTerm", .number(distance.meanTerm)),
                ("covarianceTerm", .number(distance.covarianceTerm)),
            ])
    }

    private func extrapolation(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let seed = options.seed ?? 0
        var random = RandomStream(seed: seed, stream: 0)
        let smallest = options.smallestSize ?? max(2, generated.count / 10)
        let sizes = FrechetExtrapolation.evenSizes(
            from: smallest, to: generated.count, count: options.sizes ?? 15)
        let line = try FrechetExtrapolation(generated, beside: real, sizes: sizes, using: &random)
        return MeasureResult(
            metric: name, value: .number(line.limit),
            details: [
                ("standardError", line.standardError.map { .number($0) } ?? .nothing),
                ("slope", .number(line.slope)), ("sizes", .list(sizes.map { .integer($0) })),
                ("distances", .numbers(line.distances.map(\.value))), ("seed", .whole(seed)),
            ])
    }

    private func kernelDistance(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let kernel = try PolynomialKernel(
            degree: options.degree ?? 3, scale: options.gamma, offset: options.coef0 ?? 1)
        let kernelFacts: [(name: String, value: JSONValue)] = [
            ("degree", .integer(kernel.degree)),
            ("gamma", .number(kernel.scale ?? 1 / Double(real.dimensions))),
            ("coef0", .number(kernel.offset)),
        ]
        if options.exact {
            let distance = try KernelDistance(generated, real, kernel: kernel)
            return MeasureResult(
                metric: name, value: .number(distance.value),
                details: [
                    ("standardError", distance.standardError.map { .number($0) } ?? .nothing),
                    ("biased", .number(distance.biased)),
                ] + kernelFacts)
        }
        let seed = options.seed ?? 0
        var random = RandomStream(seed: seed, stream: 0)
        let size = options.subsetSize ?? min(1000, generated.count, real.count)
        let distance = try KernelDistanceBySubsets(
            generated, real, subsets: options.subsets ?? 100, size: size, kernel: kernel,
            using: &random)
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
                : "there are fewer than four samples on a side; give more"
            details.insert(("noStandardError", .text(reason)), at: 1)
        }
        return MeasureResult(
            metric: name, value: .number(distance.mean), details: details + kernelFacts)
    }

    private func mongeDistance(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let seed = options.seed ?? 0
        let distance = try MongeDistance(
            generated, real, directions: options.directions ?? 1000, seed: seed)
        return MeasureResult(
            metric: name, value: .number(distance.value),
            details: [
                ("directionError", distance.standardError.map { .number($0) } ?? .nothing),
                ("directions", .integer(distance.perDirection.count)), ("seed", .whole(seed)),
            ])
    }

    private func pathLength(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (step, percentiles) = (options.epsilon ?? 1e-4, try options.percentileRange())
        let length = try PathLength(generated, real, step: step, percentiles: percentiles)
        return MeasureResult(
            metric: name, value: .number(length.value),
            details: [
                ("standardDeviation", .number(length.standardDeviation)),
                ("epsilon", .number(step)),
                ("percentiles", .numbers([percentiles.lowerBound, percentiles.upperBound])),
                ("pairs", .integer(length.lengths.count)),
                ("countedPairs", .integer(length.countedLengths)),
            ])
    }

    private func neighbours(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let scores = try NeighbourScores(
            real: real, generated: generated, neighbour: options.neighbour ?? Self.usualNeighbour,
            isClosed: options.closed)
        let all = [
            "precision": scores.precision, "recall": scores.recall, "density": scores.density,
            "coverage": scores.coverage,
        ]
        let value = all[name].map { JSONValue.number($0) }
        var details: [(name: String, value: JSONValue)] = [
            ("neighbour", .integer(scores.neighbour)), ("closedBalls", .truth(options.closed)),
        ]
        if kind == .prdc { details.append(("fScore", .number(scores.fScore))) }
        return MeasureResult(
            metric: name, value: value ?? .object(all.mapValues { .number($0) }), details: details)
    }
}
