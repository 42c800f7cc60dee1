/// A first plan: each source in turn gives to the nearest targets that still want mass.
///
/// What counts is how much more a source would pay than the targets' prices: those that are known
/// from elsewhere, else the smallest cost to each.
struct GreedyPlan: ~Copyable {
    private struct Arc {
        let row: Int
        let column: Int
        let flow: Int64
    }

    private let rows: Int
    private let columns: Int
    private let cost: UnsafeBufferPointer<Double>
    private var arcs: [Arc] = []

    init(
        cost: UnsafeBufferPointer<Double>, supply: [Int64], demand: [Int64], prices: [Double]?
    ) {
        self.cost = cost
        rows = supply.count
        columns = demand.count
        arcs.reserveCapacity(rows + columns)
        var wanted = demand
        var price = prices ?? cheapest()
        for row in 0..<rows {
            let costs = cost.baseAddress! + row * columns
            var left = supply[row]
            while left > 0 {
                let lowest = lowestDifference(costs, price, columns)
                let column = indexOfDifference(lowest, costs, price, columns)
                let flow = min(left, wanted[column])
                arcs.append(Arc(row: row, column: column, flow: flow))
                left -= flow
                wanted[column] -= flow
                // A target that has enough is infinitely far.
                if wanted[column] == 0 { price[column] = -.infinity }
            }
        }
    }

    /// The smallest cost of each column.
    private func cheapest() -> [Double] {
        var price = Array(cost[..<columns])
        for row in 1..<max(rows, 1) {
            for column in 0..<columns {
                price[column] = min(price[column], cost[row * columns + column])
            }
        }
        return price
    }
}

extension GreedyPlan {
    /// Makes the plan a strongly feasible tree.
    ///
    /// The ways of the plan have no cycle, since each of them exhausts one of its ends. Where they
    /// fall into parts, a part hangs by a source under a target of those before, without mass.
    consuming func grow(_ tree: borrowing SpanningTree) {
        let ways = waysOfNodes()
        var price = [Double](repeating: -.infinity, count: columns)
        for row in 0..<rows where tree.nodes[row].depth < 0 {
            if row == 0 {
                tree.nodes[0].depth = 0
            } else {
                let costs = cost.baseAddress! + row * columns
                let lowest = lowestDifference(costs, price, columns)
                let column = indexOfDifference(lowest, costs, price, columns)
                tree.attach(Int32(row), to: Int32(rows + column), flow: 0, cost: costs[column])
                tree.refresh(below: Int32(row))
            }
            growPart(from: row, ways, tree, &price)
        }
    }

    /// Attaches everything that the plan connects with a node of the tree.
    private func growPart(
        from root: Int, _ ways: [[Int]], _ tree: borrowing SpanningTree, _ price: inout [Double]
    ) {
        var open = [root]
        while let node = open.popLast() {
            for index in ways[node] {
                let arc = arcs[index]
                let other = node < rows ? rows + arc.column : arc.row
                guard tree.nodes[other].depth < 0 else { continue }
                tree.attach(
                    Int32(other), to: Int32(node), flow: arc.flow,
                    cost: cost[arc.row * columns + arc.column])
                tree.refresh(below: Int32(other))
                if other >= rows { price[other - rows] = tree.price[other] }
                open.append(other)
            }
        }
    }

    /// The numbers of the ways at each node.
    private func waysOfNodes() -> [[Int]] {
        var ways = [[Int]](repeating: [], count: rows + columns)
        for (index, arc) in arcs.enumerated() {
            ways[arc.row].append(index)
            ways[rows + arc.column].append(index)
        }
        return ways
    }
}
