/// The basis of the simplex method: a tree of ways that connects all sources and targets.
///
/// Nodes are the sources, then the targets. Only the ways of the tree carry mass. The prices of the
/// two ends of each way add up to its cost, and the tree is strongly feasible: a target below its
/// source receives a positive amount, so that some mass can be sent from any node to the root.
///
/// Sources with nothing below them, nearly all where there are few targets, hang in lists of their
/// own and are priced when their price is asked for: a change above does not touch them.
struct SpanningTree: ~Copyable {
    static let none: Int32 = -1

    struct Node {
        var parent = SpanningTree.none
        /// The first child that is no source with nothing below it.
        var firstChild = SpanningTree.none
        /// The first child that is one; only of targets.
        var firstLeaf = SpanningTree.none
        var next = SpanningTree.none
        var previous = SpanningTree.none
        /// How many ways there are to the root; negative outside the tree.
        var depth: Int32 = -1
        /// The mass on the way between the node and its parent.
        var flow: Int64 = 0
        /// The cost of that way.
        var cost = 0.0
    }

    let count: Int
    private let sources: Int32
    let nodes: UnsafeMutablePointer<Node>
    /// The price of each node: sources, then targets.
    let price: UnsafeMutablePointer<Double>
    /// How far each price may be from the exact sum of the tree's costs.
    let error: UnsafeMutablePointer<Double>

    /// The largest relative error of one operation.
    static let rounding = 0x1p-53

    init(sources: Int, targets: Int) {
        count = sources + targets
        self.sources = Int32(sources)
        nodes = .allocate(capacity: count)
        nodes.initialize(repeating: Node(), count: count)
        price = .allocate(capacity: count)
        price.initialize(repeating: 0, count: count)
        error = .allocate(capacity: count)
        error.initialize(repeating: 0, count: count)
    }

    deinit {
        nodes.deallocate()
        price.deallocate()
        error.deallocate()
    }

    /// Puts a node below another one; prices and depths below it are left as they were.
    func attach(_ node: Int32, to parent: Int32, flow: Int64, cost: Double) {
        let (child, above) = (nodes + Int(node), nodes + Int(parent))
        child.pointee.parent = parent
        child.pointee.flow = flow
        child.pointee.cost = cost
        if isLeaf(node) {
            link(node, before: above.pointee.firstLeaf)
            above.pointee.firstLeaf = node
        } else {
            let isFirst = isLeaf(parent) && above.pointee.parent != Self.none
            if isFirst {
                settle(parent)
                unlink(parent)
            }
            link(node, before: above.pointee.firstChild)
            above.pointee.firstChild = node
            guard isFirst else { return }
            let top = nodes + Int(above.pointee.parent)
            link(parent, before: top.pointee.firstChild)
            top.pointee.firstChild = parent
        }
    }

    private func detach(_ node: Int32) {
        let parent = nodes[Int(node)].parent
        unlink(node)
        // The last one below a source makes that a leaf.
        let above = nodes + Int(parent)
        guard parent < sources, above.pointee.firstChild == Self.none,
            above.pointee.parent != Self.none
        else { return }
        unlink(parent)
        let top = nodes + Int(above.pointee.parent)
        link(parent, before: top.pointee.firstLeaf)
        top.pointee.firstLeaf = parent
    }

    /// Whether a node is a source with nothing below it.
    @inline(__always)
    func isLeaf(_ node: Int32) -> Bool {
        node < sources && nodes[Int(node)].firstChild == Self.none
    }

    /// Puts a node in front of the first one of a list.
    private func link(_ node: Int32, before first: Int32) {
        nodes[Int(node)].previous = Self.none
        nodes[Int(node)].next = first
        if first != Self.none { nodes[Int(first)].previous = node }
    }

    /// Takes a node out of its list.
    private func unlink(_ node: Int32) {
        let child = nodes + Int(node)
        let (previous, next) = (child.pointee.previous, child.pointee.next)
        let above = nodes + Int(child.pointee.parent)
        if previous != Self.none {
            nodes[Int(previous)].next = next
        } else if above.pointee.firstLeaf == node {
            above.pointee.firstLeaf = next
        } else {
            above.pointee.firstChild = next
        }
        if next != Self.none { nodes[Int(next)].previous = previous }
    }

    /// Cuts the way above `top` and hangs what is below it, by its node `end`, under `parent`.
    func move(
        _ end: Int32, upTo top: Int32, under parent: Int32, flow: Int64, cost: Double
    ) {
        var (child, above, flow, cost) = (end, parent, flow, cost)
        while true {
            let old = nodes[Int(child)]
            detach(child)
            attach(child, to: above, flow: flow, cost: cost)
            if child == top { break }
            (above, child, flow, cost) = (child, old.parent, old.flow, old.cost)
        }
        refresh(below: end)
    }

    /// Computes depth, price and its error of a node and of all below it from those of its parent.
    ///
    /// A price is always the same sum along the tree, whichever trees came before: rounding errors
    /// do not pile up.
    func refresh(below top: Int32) {
        var node = top
        while true {
            settle(node)
            let here = nodes + Int(node)
            if here.pointee.firstChild != Self.none {
                node = here.pointee.firstChild
                continue
            }
            while node != top, nodes[Int(node)].next == Self.none { node = nodes[Int(node)].parent }
            if node == top { return }
            node = nodes[Int(node)].next
        }
    }

    /// Computes depth, price and its error of a node from those of its parent; the root has its
    /// own.
    @inline(__always)
    func settle(_ node: Int32) {
        let here = nodes + Int(node)
        guard here.pointee.parent != Self.none else { return }
        let parent = Int(here.pointee.parent)
        here.pointee.depth = nodes[parent].depth + 1
        let value = here.pointee.cost - price[parent]
        price[Int(node)] = value
        error[Int(node)] = error[parent] + Self.rounding * abs(value)
    }
}
