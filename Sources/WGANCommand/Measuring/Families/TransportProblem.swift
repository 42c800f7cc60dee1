import ArgumentParser
import ArrayFiles
import Evaluation
import OptimalTransport
import Runs

/// What the length of a way between two points is, before it is taken to the order.
enum GroundCost: String, ExpressibleByArgument, CaseIterable, Sendable {
    case l1, l2
    /// A cost and no distance.
    case squaredL2 = "squared-l2"

    var norm: GroundNorm { self == .l1 ? .l1 : .l2 }

    /// The power of the norm that the cost to an order is.
    func power(_ order: Double) -> Double { self == .squaredL2 ? 2 * order : order }
}

/// What is to be moved, where to, and at which costs: two sides of points, or a file of costs.
struct TransportProblem {
    private enum Costs {
        case ofPoints(DiscreteMeasure, DiscreteMeasure)
        case ofFile(CostMatrix)
    }

    private let costs: Costs
    /// The masses of both sides as they were given; without weights, shares of one.
    let masses: ([Double], [Double])
    /// What results say about the costs and the sides.
    let facts: [(name: String, value: JSONValue)]
    private let ground: GroundCost
    /// The power of the norm that a cost is.
    let power: Double

    var norm: GroundNorm { ground.norm }
    var counts: (Int, Int) { (masses.0.count, masses.1.count) }

    /// The points of both sides, with their weights as shares; nil for a file of costs.
    var points: (DiscreteMeasure, DiscreteMeasure)? {
        if case .ofPoints(let first, let second) = costs { (first, second) } else { nil }
    }

    /// The masses of both sides as shares of their totals.
    var shares: ([Double], [Double]) {
        if let (first, second) = points { return (first.weights, second.weights) }
        let shares = { (masses: [Double]) in
            let total = masses.reduce(0, +)
            return total > 0 ? masses.map { $0 / total } : masses
        }
        return (shares(masses.0), shares(masses.1))
    }

    /// Reads what the request names.
    ///
    /// - Parameter usualOrder: The order where none was given; 1 for squares.
    init(_ request: MeasureRequest, usualOrder: Double) throws {
        let options = request.options
        ground = options.ground ?? .l2
        let order = options.order ?? (ground == .squaredL2 ? 1 : usualOrder)
        power = ground.power(order)
        if let place = options.cost {
            let matrix = try Self.matrix(at: place)
            costs = .ofFile(matrix)
            masses = (
                try options.weightsA.map(SampleArray.list) ?? Self.shares(matrix.rows),
                try options.weightsB.map(SampleArray.list) ?? Self.shares(matrix.columns)
            )
            let shape = [matrix.rows, matrix.columns].map { JSONValue.integer($0) }
            facts = [
                ("cost", .object(["source": .text(place), "shape": .list(shape)])),
                ("arithmetic", .text("float64")),
            ]
            return
        }
        let sides = (request.sideA, try request.sideB())
        let (a, b) = try SampleReader(options: options).sides(sides.0, sides.1)
        let first = try sides.0.reading { _ in try a.measure(weights: options.weightsA) }
        let second = try sides.1.reading { _ in try b.measure(weights: options.weightsB) }
        costs = .ofPoints(first, second)
        masses = (
            try a.weights(at: options.weightsA) ?? first.weights,
            try b.weights(at: options.weightsB) ?? second.weights
        )
        facts = [
            ("a", a.facts), ("b", b.facts), ("order", .number(order)),
            ("ground", .text(ground.rawValue)), ("arithmetic", Samples.arithmetic(of: [a, b])),
        ]
    }

    private static func shares(_ count: Int) -> [Double] {
        Array(repeating: 1 / Double(count), count: count)
    }

    /// A matrix of costs, rows for A and columns for B.
    private static func matrix(at place: String) throws -> CostMatrix {
        let file = try ArrayFile(at: place)
        guard file.shape.count == 2, file.shape.allSatisfy({ $0 > 0 }) else {
            throw CommandFailure(
                "\(place) has the shape \(file.shape), which is no matrix of costs; give a row for "
                    + "each point of A and a column for each of B")
        }
        let values = try file.doubles()
        if let index = values.firstIndex(where: { $0 < 0 }) {
            let (row, column) = index.quotientAndRemainder(dividingBy: file.shape[1])
            throw CommandFailure(
                "\(place): the cost of row \(row) and column \(column) is negative; give zero or "
                    + "more")
        }
        return try CostMatrix(rows: file.shape[0], columns: file.shape[1], values: values)
    }

    /// The matrix of all costs, if there is memory for the work with it.
    ///
    /// - Parameters: As of ``requireMemory(bytesPerPair:comparesWithin:)``.
    func matrix(bytesPerPair: Int, comparesWithin: Bool = false) throws -> CostMatrix {
        try requireMemory(bytesPerPair: bytesPerPair, comparesWithin: comparesWithin)
        switch costs {
        case .ofFile(let matrix): return matrix
        case .ofPoints(let first, let second):
            return try .distances(first, second, norm: norm, p: power)
        }
    }

    /// Refuses more pairs than there is memory for.
    ///
    /// - Parameters:
    ///   - bytesPerPair: What the work takes for each pair, the matrix included.
    ///   - comparesWithin: Whether each side is compared with itself as well.
    func requireMemory(bytesPerPair: Int, comparesWithin: Bool = false) throws {
        let (rows, columns) = counts
        let sides = comparesWithin ? [(rows, columns), (rows, rows), (columns, columns)] : [counts]
        for (rows, columns) in sides {
            let (pairs, overflow) = rows.multipliedReportingOverflow(by: columns)
            guard !overflow, pairs <= CostMatrix.maximumPairs else {
                throw TransportError.tooManyPairs(rows: rows, columns: columns)
            }
            let needed = pairs * bytesPerPair + 200 * (rows + columns)
            let free = WorkingMemory.available.bytes
            guard needed <= free else {
                throw CommandFailure(
                    "all pairs of \(rows) and \(columns) points take about \(needed.asBytes), and "
                        + "\(free.asBytes) are free; give fewer points, as by --count")
            }
        }
    }
}
