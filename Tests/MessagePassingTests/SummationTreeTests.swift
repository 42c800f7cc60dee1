import Testing

@testable import MessagePassing

@Suite("The tree of a sum")
struct SummationTreeTests {
    /// The whole sum in brackets, by the definition.
    private func levels(_ shards: Int) -> String {
        var level = (0..<shards).map { "\($0)" }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                $0 + 1 < level.count ? "(\(level[$0])+\(level[$0 + 1]))" : level[$0]
            }
        }
        return level[0]
    }

    private func text(_ node: Range<Int>) -> String {
        guard node.count > 1 else { return "\(node.lowerBound)" }
        let (left, right) = SummationTree.halves(of: node)
        return "(\(text(left))+\(text(right)))"
    }

    @Test("pairs neighbours, level by level, and an odd last one goes up unchanged")
    func order() {
        #expect(text(0..<7) == "(((0+1)+(2+3))+((4+5)+6))")
        for shards in 1...40 { #expect(text(0..<shards) == levels(shards)) }
    }

    @Test("gives each process the largest nodes that are its own")
    func ownNodes() {
        let tree = SummationTree(shards: 12)
        #expect(tree.nodes(within: 0..<12) == [0..<12])
        #expect(tree.nodes(within: 0..<4) == [0..<4])
        #expect(tree.nodes(within: 3..<6) == [3..<4, 4..<6])
        #expect(tree.nodes(within: 8..<12) == [8..<12])
        #expect(SummationTree(shards: 3).nodes(within: 2..<3) == [2..<3])
    }

    @Test("needs a process's whole sum alone where shards and processes are powers of two")
    func powersOfTwo() {
        for processes in [1, 2, 4, 8] {
            for rank in 0..<processes {
                let share = 16 / processes
                let range = rank * share..<(rank + 1) * share
                #expect(SummationTree(shards: 16).nodes(within: range) == [range])
            }
        }
    }
}
