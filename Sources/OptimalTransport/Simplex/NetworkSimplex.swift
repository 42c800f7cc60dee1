/// The transport problem as a network flow, solved by the primal simplex method.
///
/// Starting from a cheap feasible plan, a way that is worth more than the tree's prices say enters
/// the tree, mass is sent round the cycle that it closes, and the way that runs empty leaves.
/// Masses are whole numbers, the tree stays strongly feasible, and a way enters only where its gain
/// is more than the prices' rounding errors can be, so that no tree comes twice.
///
/// Sources: Ahuja, Magnanti and Orlin 1993, "Network Flows", chapter 11, for the method; Cunningham
/// 1976, "A network simplex method", for strongly feasible trees.
struct NetworkSimplex: ~Copyable {
    let rows: Int
    let columns: Int
    let cost: UnsafeBufferPointer<Double>
    let tree: SpanningTree
    /// How many ways are priced before the best of them enters.
    let blockSize: Int
    /// Where pricing goes on.
    var position = 0
    private let total: Double

    /// A problem with a first plan; `cost` is row-major `[supply, demand]` and outlives it.
    ///
    /// - Parameters:
    ///   - supply: The mass of each source, positive.
    ///   - demand: The mass for each target, positive, of the same total.
    init(cost: UnsafeBufferPointer<Double>, supply: [Int64], demand: [Int64]) {
        self.cost = cost
        rows = supply.count
        columns = demand.count
        total = Double(supply.reduce(0, +))
        blockSize = max(64, Int(Double(rows * columns).squareRoot()))
        tree = SpanningTree(sources: rows, targets: columns)
        let prices = Self.targetPrices(cost, supply, demand)
        GreedyPlan(cost: cost, supply: supply, demand: demand, prices: prices).grow(tree)
    }

    /// The prices of the targets in the plan of every eighth source, where sources are many and
    /// know them well; nil elsewhere.
    private static func targetPrices(
        _ cost: UnsafeBufferPointer<Double>, _ supply: [Int64], _ demand: [Int64]
    ) -> [Double]? {
        let (rows, columns) = (supply.count, demand.count)
        guard rows >= 512, rows / 16 >= columns else { return nil }
        let chosen = stride(from: 0, to: rows, by: 8)
        let part = chosen.map { supply[$0] }
        let (total, whole) = (part.reduce(0, +), Double(supply.reduce(0, +)))
        var wanted = demand.map { Int64(Double($0) / whole * Double(total)) }
        guard let largest = wanted.indices.max(by: { wanted[$0] < wanted[$1] }) else { return nil }
        wanted[largest] += total - wanted.reduce(0, +)
        guard wanted.allSatisfy({ $0 > 0 }) else { return nil }
        let values = chosen.flatMap { cost[$0 * columns..<($0 + 1) * columns] }
        return values.withUnsafeBufferPointer { values in
            var simplex = NetworkSimplex(cost: values, supply: part, demand: wanted)
            simplex.solve()
            return (0..<columns).map { simplex.tree.price[part.count + $0] }
        }
    }

    /// Pivots until no way is worth entering.
    mutating func solve() {
        while let way = enteringWay() { pivot(way) }
    }

    func plan() -> TransportPlan {
        for row in 0..<rows where tree.isLeaf(Int32(row)) { tree.settle(Int32(row)) }
        var moves: [TransportPlan.Move] = []
        for index in 0..<tree.count {
            let node = tree.nodes[index]
            guard node.parent != SpanningTree.none, node.flow > 0 else { continue }
            let source = index < rows ? index : Int(node.parent)
            let target = (index < rows ? Int(node.parent) : index) - rows
            moves.append(.init(source: source, target: target, mass: Double(node.flow) / total))
        }
        moves.sort { ($0.source, $0.target) < ($1.source, $1.target) }
        let paid = moves.reduce(0) { $0 + $1.mass * cost[$1.source * columns + $1.target] }
        return TransportPlan(
            moves: moves, cost: paid,
            sourcePotentials: (0..<rows).map { tree.price[$0] },
            targetPotentials: (rows..<tree.count).map { tree.price[$0] })
    }
}

extension NetworkSimplex {
    /// A way from a source to a target.
    struct Way {
        let row: Int
        let column: Int
    }

    /// The way with the largest gain in the first block that has any; nil at the optimum.
    mutating func enteringWay() -> Way? {
        let ways = rows * columns
        var best: Way?
        var bestGain = 0.0
        var seen = 0
        var inBlock = 0
        while seen < ways {
            let (row, start) = position.quotientAndRemainder(dividingBy: columns)
            let length = min(columns - start, blockSize - inBlock)
            let costs = cost.baseAddress! + position
            let prices = tree.price + rows + start
            let lowest = lowestDifference(costs, prices, length)
            if tree.isLeaf(Int32(row)) { tree.settle(Int32(row)) }
            let price = tree.price[row]
            if price - lowest > bestGain {
                let column = indexOfDifference(lowest, costs, prices, length)
                let size = abs(costs[column]) + abs(prices[column]) + abs(price)
                let errors = tree.error[row] + tree.error[rows + start + column]
                if price - lowest > 2 * (errors + SpanningTree.rounding * size) {
                    bestGain = price - lowest
                    best = Way(row: row, column: start + column)
                }
            }
            position += length
            if position == ways { position = 0 }
            seen += length
            inBlock += length
            if inBlock == blockSize {
                if best != nil { return best }
                inBlock = 0
            }
        }
        return best
    }
}

/// The smallest `costs[k] − prices[k]`.
func lowestDifference(
    _ costs: UnsafePointer<Double>, _ prices: UnsafePointer<Double>, _ count: Int
) -> Double {
    typealias Lanes = SIMD4<Double>
    var lowest = Lanes(repeating: .infinity)
    var other = lowest
    var index = 0
    while index + 8 <= count {
        let first = Lanes(loading: costs + index) - Lanes(loading: prices + index)
        let second = Lanes(loading: costs + index + 4) - Lanes(loading: prices + index + 4)
        lowest = lowest.replacing(with: first, where: first .< lowest)
        other = other.replacing(with: second, where: second .< other)
        index += 8
    }
    var result = min(lowest.min(), other.min())
    while index < count {
        result = min(result, costs[index] - prices[index])
        index += 1
    }
    return result
}

/// The first k with `costs[k] − prices[k]` equal to `value`.
func indexOfDifference(
    _ value: Double, _ costs: UnsafePointer<Double>, _ prices: UnsafePointer<Double>, _ count: Int
) -> Int {
    var index = 0
    while index < count - 1, costs[index] - prices[index] != value { index += 1 }
    return index
}

extension SIMD4<Double> {
    fileprivate init(loading pointer: UnsafePointer<Double>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
    }
}

extension NetworkSimplex {
    /// What a pivot does to the tree.
    private struct Exchange {
        /// The node whose way up leaves.
        var leaving = SpanningTree.none
        /// Whether that is on the source's side of the cycle.
        var onSourceSide = false
        /// The mass that goes round.
        var amount = Int64.max
        /// Where the two sides of the cycle meet.
        var apex = SpanningTree.none
    }

    /// Lets a way enter the tree.
    func pivot(_ way: Way) {
        let (source, target) = (Int32(way.row), Int32(rows + way.column))
        if tree.isLeaf(source) { tree.settle(source) }
        let cost = cost[way.row * columns + way.column]
        let exchange = exchange(entering: source, target)
        if exchange.amount > 0 {
            send(exchange.amount, from: source, upTo: exchange.apex, shrinking: { $0 < rows })
            send(exchange.amount, from: target, upTo: exchange.apex, shrinking: { $0 >= rows })
        }
        let (end, parent) = exchange.onSourceSide ? (source, target) : (target, source)
        tree.move(
            end, upTo: exchange.leaving, under: parent, flow: exchange.amount, cost: cost)
    }

    /// Finds the way that runs empty first.
    ///
    /// Mass goes up from the target, down to the source. It shrinks on the source's side where a
    /// source is below its target, on the other side where a target is below its source. Of
    /// several that run empty together the last one round the cycle, seen from the apex, has to
    /// leave: that keeps the tree strongly feasible.
    private func exchange(entering source: Int32, _ target: Int32) -> Exchange {
        let nodes = tree.nodes
        var result = Exchange()
        var (left, right) = (source, target)
        while left != right {
            let (leftNode, rightNode) = (nodes + Int(left), nodes + Int(right))
            if leftNode.pointee.depth > rightNode.pointee.depth {
                if left < rows, leftNode.pointee.flow < result.amount {
                    (result.leaving, result.amount) = (left, leftNode.pointee.flow)
                    result.onSourceSide = true
                }
                left = leftNode.pointee.parent
            } else {
                if right >= rows, rightNode.pointee.flow <= result.amount {
                    (result.leaving, result.amount) = (right, rightNode.pointee.flow)
                    result.onSourceSide = false
                }
                right = rightNode.pointee.parent
            }
        }
        result.apex = left
        return result
    }

    /// Adds mass to the ways from a node up to the apex, or takes it off those that shrink.
    private func send(
        _ amount: Int64, from node: Int32, upTo apex: Int32, shrinking: (Int32) -> Bool
    ) {
        var node = node
        while node != apex {
            tree.nodes[Int(node)].flow += shrinking(node) ? -amount : amount
            node = tree.nodes[Int(node)].parent
        }
    }
}

/// Masses as whole numbers: flows are then exact, and an amount is zero or it is not.
enum MassUnits {
    /// The shares of two sides in units of about 2⁻⁶⁰, with the same total.
    ///
    /// The total is a multiple of both counts, so that equal shares stay equal, and of 7! · 2¹⁰, so
    /// that simple fractions are whole and leave no rest between the sides.
    static func integers(_ first: [Double], _ second: [Double]) -> ([Int64], [Int64]) {
        let step = Int64(first.count) * Int64(second.count) * 5040
        let total = ((1 << 50) / step * step) << 10
        return (integers(first, total), integers(second, total))
    }

    private static func integers(_ shares: [Double], _ total: Int64) -> [Int64] {
        if shares.allSatisfy({ $0 == shares[0] }) {
            return Array(repeating: total / Int64(shares.count), count: shares.count)
        }
        var units = shares.map { share in
            let units = Int64((share * Double(total)).rounded())
            // What the rounding of the share may have taken off a fraction.
            let whole = ((units + 512) >> 10) << 10
            return abs(units - whole) <= units >> 52 ? whole : units
        }
        // The largest share takes what rounding left over, a few parts in 10¹³ of it at most.
        if let largest = units.indices.max(by: { units[$0] < units[$1] }) {
            units[largest] += total - units.reduce(0, +)
        }
        return units
    }
}
