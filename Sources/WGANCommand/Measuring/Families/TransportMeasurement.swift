import Evaluation
import OptimalTransport
import Runs

/// Distances of optimal transport between points.
struct TransportMeasurement: Measurement {
    private enum Kind: String, CaseIterable {
        case w1, w2, sliced
        case maxSliced = "max-sliced"
        case sinkhorn, bures
    }

    private let kind: Kind

    static var all: [any Measurement] { Kind.allCases.map { TransportMeasurement(kind: $0) } }

    var name: String { kind.rawValue }
    var inputs: String { "points" }
    var better: MeasureDescription.Direction { .lower }

    var summary: String {
        switch kind {
        case .w1: "exact Wasserstein-1 distance; weights by --weights-a and --weights-b"
        case .w2: "exact Wasserstein-2 distance; weights likewise"
        case .sliced: "mean Wasserstein distance of projections on random lines"
        case .maxSliced: "largest Wasserstein distance of projections on a line"
        case .sinkhorn: "Sinkhorn divergence, entropic transport without its bias"
        case .bures: "Wasserstein-2 distance of the normal distributions fitted to both"
        }
    }

    var options: Set<MeasureOption> {
        let weighted = MeasureOption.ofPoints.union([.weightsA, .weightsB])
        return switch kind {
        case .w1, .w2: weighted
        case .sliced, .maxSliced: weighted.union([.directions, .order, .seed])
        case .sinkhorn: weighted.union([.order, .epsilon, .tolerance, .iterations])
        case .bures: MeasureOption.ofPoints
        }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let options = request.options
        let reader = SampleReader(options: options)
        let sides = (request.sideA, try request.sideB())
        let (a, b) = try reader.sides(sides.0, sides.1)
        let first = try sides.0.reading { _ in try a.measure(weights: options.weightsA) }
        let second = try sides.1.reading { _ in try b.measure(weights: options.weightsB) }
        if kind == .bures {
            try sides.0.require(2, found: a.count)
            try sides.1.require(2, found: b.count)
        }
        var result = try value(first, second, options)
        result.details += [
            ("a", a.facts), ("b", b.facts), ("arithmetic", Samples.arithmetic(of: [a, b])),
        ]
        return result
    }

    private func value(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        switch kind {
        case .w1, .w2:
            let distance = try wasserstein(first, second, p: kind == .w1 ? 1 : 2)
            return MeasureResult(metric: name, value: .number(distance), details: [])
        case .sliced: return try sliced(first, second, options)
        case .maxSliced: return try maxSliced(first, second, options)
        case .sinkhorn: return try sinkhorn(first, second, options)
        case .bures: return try bures(first, second)
        }
    }

    private func maxSliced(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (order, seed) = (options.order ?? 2, options.seed ?? 0)
        let restarts = options.directions ?? 10
        let found = try MaxSlicedWasserstein(
            first, second, p: order, restarts: restarts, seed: seed)
        return MeasureResult(
            metric: name, value: .number(found.distance),
            details: [
                ("order", .number(order)), ("searches", .integer(restarts)),
                ("seed", .whole(seed)),
                ("direction", .numbers(found.direction)),
            ])
    }

    private func sinkhorn(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (order, epsilon) = (options.order ?? 2, options.epsilon ?? 0.05)
        let standard = SinkhornSettings.standard
        let settings = try SinkhornSettings(
            tolerance: options.tolerance ?? standard.tolerance,
            maximumIterations: options.iterations ?? standard.maximumIterations)
        let divergence = try SinkhornDivergence(
            first, second, p: order, epsilon: epsilon, settings: settings)
        let plans = [divergence.between, divergence.withinFirst, divergence.withinSecond]
        return MeasureResult(
            metric: name, value: .number(divergence.value),
            details: [
                ("order", .number(order)), ("epsilon", .number(epsilon)),
                ("tolerance", .number(settings.tolerance)),
                ("sharpValue", .number(divergence.sharpValue)),
                ("entropicCost", .number(divergence.between.value)),
                ("sharpCost", .number(divergence.between.transportCost)),
                ("marginalError", .number(plans.map(\.marginalError).max() ?? 0)),
                ("iterations", .integer(plans.map(\.iterations).max() ?? 0)),
            ])
    }

    private func sliced(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (order, seed) = (options.order ?? 2, options.seed ?? 0)
        let count = options.directions ?? 100
        let distances = try SlicedWasserstein(
            first, second, p: order, directions: count, seed: seed)
        var details: [(name: String, value: JSONValue)] = [
            ("order", .number(order)), ("directions", .integer(count)),
            ("seed", .whole(seed)),
            ("largest", .number(distances.largest)),
        ]
        if count > 1, order == 1 {
            let mean = distances.distance
            let squares = distances.perDirection.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(count - 1) / Double(count)).squareRoot()
            details.append(("standardError", .number(error)))
        }
        return MeasureResult(metric: name, value: .number(distances.distance), details: details)
    }

    private func bures(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure
    ) throws -> MeasureResult {
        let rows = try [first, second].map {
            try FeatureMatrix($0.points, dimensions: $0.dimensions)
        }
        let distance = try FrechetDistance(rows[0], rows[1])
        return MeasureResult(
            metric: name, value: .number(distance.value.squareRoot()),
            details: [
                ("squared", .number(distance.value)), ("meanTerm", .number(distance.meanTerm)),
                ("covarianceTerm", .number(distance.covarianceTerm)),
            ])
    }
}
