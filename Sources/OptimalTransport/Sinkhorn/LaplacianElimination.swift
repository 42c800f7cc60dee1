import Dispatch

/// Solves `L x = h` for the Laplacian of a graph with a ground, by elimination of node after node.
///
/// `(L x)_i = (Σ_k W_ik + ground_i) x_i − Σ_k W_ik x_k`. What is left after each elimination is
/// such a graph again; only numbers of one sign are added, so that nothing cancels, however weak
/// the edges between strong parts are.
///
/// Source: Grassmann, Taksar and Heyman 1985, "Regenerative analysis and steady state
/// distributions for Markov chains".
struct LaplacianElimination {
    private let size: Int
    private var weights: [Double]
    private var ground: [Double]
    private var right: [Double]
    private var pivots: [Double]

    /// - Parameters:
    ///   - weights: The edges' weights W, 0 or more, right of the diagonal, `[size, size]`.
    ///   - ground: The weight of each node's edge to the ground, 0 or more.
    ///   - right: h.
    /// - Returns: x; zero for a node without any edge.
    /// - Complexity: O(size³).
    static func solve(weights: [Double], ground: [Double], right: [Double]) -> [Double] {
        var elimination = LaplacianElimination(
            size: right.count, weights: weights, ground: ground, right: right,
            pivots: [Double](repeating: 0, count: right.count))
        for node in 0..<right.count { elimination.eliminate(node) }
        return elimination.substituted()
    }

    private mutating func eliminate(_ node: Int) {
        let size = size
        let start = node * size
        let edges = Array(weights[start + node + 1..<start + size])
        let pivot = edges.reduce(ground[node], +)
        guard pivot > 0 else { return }
        pivots[node] = pivot
        let (groundShare, rightShare) = (ground[node] / pivot, right[node] / pivot)
        for (index, edge) in edges.enumerated() {
            ground[node + 1 + index] += edge * groundShare
            right[node + 1 + index] += edge * rightShare
        }
        weights.withUnsafeMutableBufferPointer { weights in
            nonisolated(unsafe) let rest = weights.baseAddress! + node + 1
            // Blocks of rows, large enough to be worth a thread.
            let block = max(16, 32_768 / max(1, edges.count))
            let work = { @Sendable (number: Int) in
                for index in number * block..<min(edges.count, (number + 1) * block) {
                    let factor = edges[index] / pivot
                    guard factor > 0 else { continue }
                    let row = rest + (node + 1 + index) * size
                    for other in index + 1..<max(edges.count, index + 1) {
                        row[other] += factor * edges[other]
                    }
                }
            }
            let blocks = (edges.count + block - 1) / block
            if blocks == 1 { return work(0) }
            DispatchQueue.concurrentPerform(iterations: blocks, execute: work)
        }
    }

    private func substituted() -> [Double] {
        var result = [Double](repeating: 0, count: size)
        for node in (0..<size).reversed() where pivots[node] > 0 {
            var sum = right[node]
            for other in node + 1..<max(size, node + 1) {
                sum += weights[node * size + other] * result[other]
            }
            result[node] = sum / pivots[node]
        }
        return result
    }
}
