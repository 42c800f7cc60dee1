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
