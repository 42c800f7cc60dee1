import Evaluation
import OptimalTransport

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

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let options = request.options
        let reader = SampleReader(options: options)
        let (a, b) = (try reader.read(request.first), try reader.read(request.requiredSecond()))
        let first = try a.measure(weights: options.weightsA)
        let second = try b.measure(weights: options.weightsB)
        var result = try value(first, second, options)
        result.details += [
            ("a", a.facts), ("b", b.facts),
            ("arithmetic", .text("samples float32, measure float64")),
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
        case .maxSliced:
            let restarts = options.directions ?? 10
            let found = try MaxSlicedWasserstein(
                first, second, p: options.order, restarts: restarts, seed: options.seed)
            return MeasureResult(
                metric: name, value: .number(found.distance),
                details: [
                    ("order", .number(options.order)), ("searches", .integer(restarts)),
                    ("seed", .integer(Int(truncatingIfNeeded: options.seed))),
                    ("direction", .numbers(found.direction)),
                ])
        case .sinkhorn:
            let divergence = try SinkhornDivergence(
                first, second, p: options.order, epsilon: options.epsilon)
            return MeasureResult(
                metric: name, value: .number(divergence.value),
                details: [
                    ("order", .number(options.order)), ("epsilon", .number(options.epsilon)),
                    ("sharpValue", .number(divergence.sharpValue)),
                    ("iterations", .integer(divergence.between.iterations)),
                ])
        case .bures: return try bures(first, second)
        }
    }

    private func sliced(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let count = options.directions ?? 100
        let distances = try SlicedWasserstein(
            first, second, p: options.order, directions: count, seed: options.seed)
        var details: [(name: String, value: JSONValue)] = [
            ("order", .number(options.order)), ("directions", .integer(count)),
            ("seed", .integer(Int(truncatingIfNeeded: options.seed))),
            ("largest", .number(distances.largest)),
        ]
        if count > 1, options.order == 1 {
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
        let gaussians = try [first, second].map { measure in
            let statistics = try GaussianStatistics(
                FeatureMatrix(measure.points, dimensions: measure.dimensions))
            return try Gaussian(mean: statistics.mean, covariance: statistics.covariance())
        }
        let distance = try BuresWasserstein(gaussians[0], gaussians[1])
        return MeasureResult(
            metric: name, value: .number(distance.distance),
            details: [
                ("squared", .number(distance.squaredDistance)),
                ("meanTerm", .number(distance.meanTerm)),
                ("covarianceTerm", .number(distance.buresSquared)),
            ])
    }
}
