/// The transport problem as a network flow, solved by the primal simplex method.
///
/// Starting from a cheap feasible plan, a way that is worth more than the tree's prices say enters
/// the tree, mass is sent round the cycle that it closes, and the way that runs empty leaves.
/// Masses are whole numbers and the tree stays strongly feasible, so that no tree comes twice.
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
    /// A gain below this share of the numbers it is the difference of is taken for rounding.
    var tolerance = 0x1p-50
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
        tree = SpanningTree(count: rows + columns)
        GreedyPlan(cost: cost, supply: supply, demand: demand).grow(tree)
    }

    /// Pivots until no way is worth entering.
    mutating func solve() {
        // Rounded prices could in principle lead in circles: after very many pivots, as no real
        // problem needs, smaller gains are given up.
        let patience = 400 * tree.count + 10_000
        var pivots = 0
        while let way = enteringWay() {
            pivot(way)
            pivots += 1
            if pivots.isMultiple(of: patience) { tolerance *= 4 }
        }
    }

    func plan() -> TransportPlan {
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
