import ArrayFiles
import Evaluation
import Foundation
import OptimalTransport
import Runs

/// Distances and costs of optimal transport between points, or at costs of a file.
struct TransportMeasurement: Measurement {
    private enum Kind: String, CaseIterable {
        case w1, w2, wp
        case transportCost = "transport-cost"
        case partial, sliced
        case maxSliced = "max-sliced"
        case sinkhorn, unbalanced, bures
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
        case .wp: "exact Wasserstein distance of any --order"
        case .transportCost: "least cost of exact transport, of points or of --cost; no distance"
        case .partial: "least cost of moving --mass of all mass; no distance"
        case .sliced: "mean Wasserstein distance of projections on random lines"
        case .maxSliced: "largest Wasserstein distance of projections on a line"
        case .sinkhorn: "Sinkhorn divergence, entropic transport without its bias"
        case .unbalanced: "the same where mass may vanish at --marginal-penalty"
        case .bures: "Wasserstein-2 distance of the normal distributions fitted to both"
        }
    }

    var options: Set<MeasureOption> {
        let weighted = MeasureOption.ofPoints.union([.weightsA, .weightsB])
        let planned = weighted.union([.ground, .plan])
        let entropic = planned.union([.order, .cost, .epsilon, .tolerance, .iterations])
        return switch kind {
        case .w1, .w2: planned
        case .wp: planned.union([.order])
        case .transportCost: planned.union([.order, .cost])
        case .partial: planned.union([.order, .cost, .mass])
        case .sliced, .maxSliced: weighted.union([.directions, .directionsFile, .order, .seed])
        case .sinkhorn: entropic
        case .unbalanced: entropic.union([.marginalPenalty])
        case .bures: MeasureOption.ofPoints
        }
    }

    func check(_ request: MeasureRequest) throws {
        let options = request.options
        if let cost = options.cost, !request.first.isEmpty {
            throw CommandFailure(
                "--cost \(cost) stands for both sides; leave \(request.first) and what follows out")
        }
        if options.ground == .squaredL2, [.w1, .w2, .wp].contains(kind) {
            throw CommandFailure(
                "--ground squared-l2 is a cost and no distance; take transport-cost, which says so")
        }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard let cost = request.options.cost else { return try value(request) }
        return try MeasureSide(letter: "--cost", place: cost).reading { _ in try value(request) }
    }

    private func value(_ request: MeasureRequest) throws -> MeasureResult {
        switch kind {
        case .w1: return try exact(request, order: 1)
        case .w2, .wp: return try exact(request, order: 2)
        case .transportCost: return try exact(request, order: 1)
        case .partial: return try partial(request)
        case .sinkhorn: return try sinkhorn(request)
        case .unbalanced: return try unbalanced(request)
        case .sliced, .maxSliced, .bures: return try ofPoints(request)
        }
    }
}

extension TransportMeasurement {
    private func exact(_ request: MeasureRequest, order: Double) throws -> MeasureResult {
        let problem = try TransportProblem(request, usualOrder: order)
        let plan = request.options.plan
        if plan == nil, let (first, second) = problem.points {
            return try exact(first, second, problem)
        }
        let matrix = try problem.matrix(bytesPerPair: 16)
        let shares = problem.shares
        let found = try TransportPlan.solve(matrix, sources: shares.0, targets: shares.1)
        let proof = try found.proof(for: matrix, sources: shares.0, targets: shares.1)
        if let plan {
            try TransportPlanFile.write(
                found.moves, (found.sourcePotentials, found.targetPotentials), to: plan)
        }
        return MeasureResult(
            metric: name,
            value: .number(
                kind == .transportCost ? found.cost : pow(max(0, found.cost), 1 / problem.power)),
            details: [
                ("dualCost", .number(proof.dualCost)),
                ("largestViolation", .number(proof.largestViolation)),
                ("marginalError", .number(proof.marginalError)),
                ("moves", .integer(found.moves.count)),
            ] + problem.facts)
    }

    /// Without a plan, which on the line needs no matrix.
    private func exact(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ problem: TransportProblem
    ) throws -> MeasureResult {
        if first.dimensions > 1 { try problem.requireMemory(bytesPerPair: 16) }
        let distance = try wasserstein(first, second, p: problem.power, norm: problem.norm)
        let value = kind == .transportCost ? pow(distance, problem.power) : distance
        guard value.isFinite else {
            throw CommandFailure(
                "the cost is too large for a number; take the distance, wp, or another unit")
        }
        return MeasureResult(metric: name, value: .number(value), details: problem.facts)
    }

    private func partial(_ request: MeasureRequest) throws -> MeasureResult {
        guard let mass = request.options.mass else {
            throw CommandFailure(
                "partial needs the mass to be moved; give --mass, such as 0.9 where equal weights "
                    + "add up to 1")
        }
        let problem = try TransportProblem(request, usualOrder: 1)
        let matrix = try problem.matrix(bytesPerPair: 32)
        let found = try PartialTransport.solve(
            matrix, sources: problem.masses.0, targets: problem.masses.1, mass: mass)
        if let plan = request.options.plan {
            try TransportPlanFile.write(
                found.moves, (found.sourcePotentials, found.targetPotentials),
                price: found.price, to: plan)
        }
        return MeasureResult(
            metric: name, value: .number(found.cost),
            details: [
                ("mass", .number(found.mass)), ("massA", .number(problem.masses.0.reduce(0, +))),
                ("massB", .number(problem.masses.1.reduce(0, +))),
                ("costPerMass", .number(found.cost / found.mass)),
                ("priceOfMass", .number(found.price)), ("moves", .integer(found.moves.count)),
            ] + problem.facts)
    }
}

extension TransportMeasurement {
    private func settings(_ options: MeasureOptions) throws -> SinkhornSettings {
        let standard = SinkhornSettings.standard
        return try SinkhornSettings(
            tolerance: options.tolerance ?? standard.tolerance,
            maximumIterations: options.iterations ?? standard.maximumIterations)
    }

    /// The matrix, and whether the plan's file can hold all of it.
    private func matrix(
        _ problem: TransportProblem, _ options: MeasureOptions
    ) throws -> CostMatrix {
        let (rows, columns) = problem.counts
        if options.plan != nil, rows * columns > TransportPlanFile.largestDensePlan {
            throw CommandFailure(
                "an entropic plan has all \(rows)×\(columns) entries, more than "
                    + "\(TransportPlanFile.largestDensePlan); leave out --plan or give fewer points"
            )
        }
        return try problem.matrix(
            bytesPerPair: options.plan == nil ? 24 : 48, comparesWithin: problem.points != nil)
    }

    private func sinkhorn(_ request: MeasureRequest) throws -> MeasureResult {
        let options = request.options
        let epsilon = options.epsilon ?? 0.05
        let settings = try settings(options)
        let problem = try TransportProblem(request, usualOrder: 2)
        let matrix = try matrix(problem, options)
        let shares = problem.shares
        var details: [(name: String, value: JSONValue)] = [
            ("epsilon", .number(epsilon)), ("tolerance", .number(settings.tolerance)),
        ]
        var metric = "entropic-cost"
        let between: EntropicTransport
        let plans: [EntropicTransport]
        var value: Double
        if let (first, second) = problem.points {
            let found = try SinkhornDivergence(
                first, second, p: problem.power, norm: problem.norm, epsilon: epsilon,
                settings: settings)
            between = found.between
            plans = [found.between, found.withinFirst, found.withinSecond]
            (metric, value) = (name, found.value)
            details += [
                ("sharpValue", .number(found.sharpValue)), ("entropicCost", .number(between.value)),
            ]
        } else {
            between = try EntropicTransport.solve(
                matrix, sources: shares.0, targets: shares.1, epsilon: epsilon, settings: settings)
            (plans, value) = ([between], between.value)
        }
        details += [
            ("sharpCost", .number(between.transportCost)),
            ("marginalError", .number(plans.map(\.marginalError).max() ?? 0)),
            ("iterations", .integer(plans.map(\.iterations).max() ?? 0)),
        ]
        if let place = options.plan {
            try TransportPlanFile.write(
                between.plan(
                    of: matrix, sources: shares.0, targets: shares.1, epsilon: epsilon),
                (between.sourcePotentials, between.targetPotentials), to: place)
        }
        return MeasureResult(
            metric: metric, value: .number(value), details: details + problem.facts)
    }

    private func unbalanced(_ request: MeasureRequest) throws -> MeasureResult {
        let options = request.options
        let (epsilon, penalty) = (options.epsilon ?? 0.05, options.marginalPenalty ?? 1)
        let settings = try settings(options)
        let problem = try TransportProblem(request, usualOrder: 2)
        let matrix = try matrix(problem, options)
        let (a, b) = problem.masses
        var details: [(name: String, value: JSONValue)] = [
            ("epsilon", .number(epsilon)), ("marginalPenalty", .number(penalty)),
            ("tolerance", .number(settings.tolerance)),
        ]
        var metric = "unbalanced-cost"
        let between: UnbalancedTransport
        let plans: [UnbalancedTransport]
        var value: Double
        if let (first, second) = problem.points {
            let found = try UnbalancedDivergence(
                first, second, masses: (a, b), p: problem.power, norm: problem.norm,
                epsilon: epsilon, marginalPenalty: penalty, settings: settings)
            between = found.between
            plans = [found.between, found.withinFirst, found.withinSecond]
            (metric, value) = (name, found.value)
            details.append(("unbalancedCost", .number(between.value)))
        } else {
            between = try UnbalancedTransport.solve(
                matrix, sources: a, targets: b, epsilon: epsilon, marginalPenalty: penalty,
                settings: settings)
            (plans, value) = ([between], between.value)
        }
        details += [
            ("sharpCost", .number(between.transportCost)), ("mass", .number(between.mass)),
            ("massA", .number(a.reduce(0, +))), ("massB", .number(b.reduce(0, +))),
            ("marginalError", .number(plans.map(\.marginalError).max() ?? 0)),
            ("iterations", .integer(plans.map(\.iterations).max() ?? 0)),
        ]
        if let place = options.plan {
            try TransportPlanFile.write(
                between.plan(of: matrix, sources: a, targets: b, epsilon: epsilon),
                (between.sourcePotentials, between.targetPotentials), to: place)
        }
        return MeasureResult(
            metric: metric, value: .number(value), details: details + problem.facts)
    }
}

extension TransportMeasurement {
    private func ofPoints(_ request: MeasureRequest) throws -> MeasureResult {
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
        var result: MeasureResult
        do {
            switch kind {
            case .sliced: result = try sliced(first, second, options)
            case .maxSliced: result = try maxSliced(first, second, options)
            default: result = try bures(first, second)
            }
        } catch let error as SlicingError {
            let (place, text) = (options.directionsFile ?? name, "\(error)")
            throw CommandFailure("\(place): \(text.prefix(1).lowercased())\(text.dropFirst())")
        }
        result.details += [
            ("a", a.facts), ("b", b.facts), ("arithmetic", Samples.arithmetic(of: [a, b])),
        ]
        return result
    }

    /// The directions of a file, row by row; nil where none was given.
    private func directions(_ options: MeasureOptions, dimensions: Int) throws -> [Double]? {
        guard let place = options.directionsFile else { return nil }
        let file = try ArrayFile(at: place)
        guard file.shape.count == 2, file.shape[1] == dimensions else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), which makes no directions of "
                    + "\(dimensions) coordinates; give a row of \(dimensions) numbers for each")
        }
        return try file.doubles()
    }

    private func sliced(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (order, seed) = (options.order ?? 2, options.seed ?? 0)
        let given = try directions(options, dimensions: first.dimensions)
        let distances =
            try given.map { try SlicedWasserstein(first, second, p: order, directions: $0) }
            ?? SlicedWasserstein(
                first, second, p: order, directions: options.directions ?? 100, seed: seed)
        let count = distances.perDirection.count
        var details: [(name: String, value: JSONValue)] = [
            ("order", .number(order)), ("directions", .integer(count)),
            ("largest", .number(distances.largest)),
        ]
        details.insert(source(options, seed), at: 2)
        if count > 1, order == 1, given == nil {
            let mean = distances.distance
            let squares = distances.perDirection.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(count - 1) / Double(count)).squareRoot()
            details.append(("standardError", .number(error)))
        }
        return MeasureResult(metric: name, value: .number(distances.distance), details: details)
    }

    /// Where directions are from.
    private func source(
        _ options: MeasureOptions, _ seed: UInt64
    ) -> (name: String, value: JSONValue) {
        options.directionsFile.map { ("directionsFile", .text($0)) } ?? ("seed", .whole(seed))
    }

    private func maxSliced(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, _ options: MeasureOptions
    ) throws -> MeasureResult {
        let (order, seed) = (options.order ?? 2, options.seed ?? 0)
        let given = try directions(options, dimensions: first.dimensions)
        let searches = given.map { $0.count / first.dimensions } ?? options.directions ?? 10
        let found =
            try given.map { try MaxSlicedWasserstein(first, second, p: order, starts: $0) }
            ?? MaxSlicedWasserstein(first, second, p: order, restarts: searches, seed: seed)
        return MeasureResult(
            metric: name, value: .number(found.distance),
            details: [
                ("order", .number(order)), ("searches", .integer(searches)),
                source(options, seed), ("direction", .numbers(found.direction)),
            ])
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
