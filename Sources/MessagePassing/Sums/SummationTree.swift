import CMPI

/// The order in which the parts of a sum are added: neighbours in pairs, level by level; an odd
/// last one goes up unchanged. It depends on the number of parts alone.
///
/// A node is known by the parts below it.
struct SummationTree {
    let shards: Int

    var root: Range<Int> { 0..<shards }

    /// The two nodes below one: the left has as many parts as the greatest power of two below.
    static func halves(of node: Range<Int>) -> (left: Range<Int>, right: Range<Int>) {
        var half = 1
        while half * 2 < node.count { half *= 2 }
        let middle = node.lowerBound + half
        return (node.lowerBound..<middle, middle..<node.upperBound)
    }

    /// The largest nodes whose parts are all in a range, from left to right.
    func nodes(within range: Range<Int>) -> [Range<Int>] {
        func collected(_ node: Range<Int>) -> [Range<Int>] {
            if range.contains(node.lowerBound) && node.upperBound <= range.upperBound {
                return [node]
            }
            guard node.overlaps(range) else { return [] }
            let (left, right) = Self.halves(of: node)
            return collected(left) + collected(right)
        }
        return collected(root)
    }
}

/// The additions that make a node of what is given of the nodes below.
struct AdditionPlan {
    private(set) var additions: [cmpi_addition] = []
    /// Places of scratch memory that are needed.
    private(set) var places = 0
    /// The number of the only source, where nothing is to be added.
    private(set) var onlySource = 0

    /// - Parameter source: The number under which a node is given; nil where it is to be added.
    init(of node: Range<Int>, source: (Range<Int>) -> Int?) {
        onlySource = Int(operand(for: node, place: 0, source))
    }

    private mutating func operand(
        for node: Range<Int>, place: Int, _ source: (Range<Int>) -> Int?
    ) -> Int32 {
        if let number = source(node) { return Int32(number) }
        let (left, right) = SummationTree.halves(of: node)
        let first = operand(for: left, place: place, source)
        let second = operand(for: right, place: place + 1, source)
        let target = Int32(-1 - place)
        additions.append(cmpi_addition(left: first, right: second, target: target))
        places = max(places, place + 1)
        return target
    }

    /// Carries the additions out for `count` floats of each source.
    ///
    /// - Parameter scratch: `CMPI_BLOCK` floats for each of the places.
    func run(
        _ sources: UnsafePointer<UnsafePointer<Float>?>, scratch: UnsafeMutablePointer<Float>,
        into result: UnsafeMutablePointer<Float>, count: Int
    ) {
        var only = sources
        if additions.isEmpty { only += onlySource }
        cmpi_sum(additions, Int32(additions.count), only, scratch, result, Int64(count))
    }
}
