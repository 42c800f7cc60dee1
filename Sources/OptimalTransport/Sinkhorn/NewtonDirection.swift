import Dispatch

/// The step of Newton's method for the row potentials of an entropic plan, in units of ε.
///
/// With r and b the row and column sums, it solves `(diag(r) − P diag(1/b) Pᵀ) d = a − r`: the
/// negative curvature of the dual value, which is the Laplacian of the graph in which rows exchange
/// mass through columns. Where sums are bound by a penalty ρ alone, a is what each row would have,
/// b is larger by 1 + ε / ρ, and a ε / ρ more is on the diagonal. Conjugate gradients do it where
/// the plan mixes well; elimination where it falls into parts that hardly do.
///
/// Source: Brauer et al. 2017, "A Sinkhorn-Newton method for entropic optimal transport",
/// arXiv:1710.06635.
struct NewtonDirection {
    /// d.
    private(set) var values: [Double]
    /// How often all pairs were passed over, or work for as many times was done.
    private(set) var passes = 0

    /// From this number of rows on elimination takes longer than it is worth.
    private static let largestElimination = 4000

    /// - Parameters:
    ///   - kernel: The plan.
    ///   - wanted: a.
    ///   - softness: ε / ρ; 0 where sums are bound.
    ///   - precision: Which sum of magnitudes of the equations' errors is small enough.
    ///   - ground: The share of its weight by which each row is held; what exchanges less than that
    ///     is left in its place.
    init(
        _ kernel: EntropicKernel, wanted: [Double], softness: Double, precision: Double,
        ground: Double
    ) {
        let gradient = zip(wanted, kernel.rowSums).map { $0 - $1 }
        // Rows that lack most of their mass are held, or they would leap.
        let held = zip(kernel.rowSums, wanted).map { sum, weight in
            max(0, 1e-3 * weight - sum) + (ground + softness) * weight
        }
        // What soft columns keep back binds rows like the ground.
        let kept = softness / (1 + softness)
        let bound = zip(held, kernel.rowSums).map { $0 + kept * $1 }
        let direct = kernel.rows <= Self.largestElimination
        values = [Double](repeating: 0, count: kernel.rows)
        if softness > 0 { shift(bound, gradient) }
        let limit = direct ? max(20, kernel.rows / 2) : 2000
        let rest = zip(gradient, zip(bound, values)).map { $0 - $1.0 * $1.1 }
        let isSolved = conjugate(kernel, held, softness > 0 ? rest : gradient, precision, limit)
        if softness > 0 { shift(bound, gradient) }
        guard !isSolved, direct else { return }
        values = LaplacianElimination.solve(
            weights: kernel.exchange(), ground: bound, right: gradient)
        passes += kernel.rows / 2
    }

    /// Adds one number to all of d, such that the errors of the equations add up to zero.
    ///
    /// A common shift of all potentials is bound by the penalty alone: where that is large, small
    /// errors would leave large shifts.
    private mutating func shift(_ bound: [Double], _ gradient: [Double]) {
        let missing = gradient.reduce(0, +) - Self.dot(bound, values)
        let common = missing / bound.reduce(0, +)
        guard common.isFinite else { return }
        values = values.map { $0 + common }
    }

    /// Conjugate gradients, each equation divided by the number on its diagonal.
    ///
    /// - Returns: Whether the precision was reached.
    private mutating func conjugate(
        _ kernel: EntropicKernel, _ held: [Double], _ gradient: [Double], _ precision: Double,
        _ limit: Int
    ) -> Bool {
        let diagonal = zip(kernel.rowSums, held).map { $0 + $1 }
        let scaled = { (vector: [Double]) in
            zip(vector, diagonal).map { $1 > 0 ? $0 / $1 : 0 }
        }
        var rest = gradient
        var direction = scaled(rest)
        var square = Self.dot(rest, direction)
        for _ in 0..<limit {
            let exchanged = kernel.product(direction)
            passes += 1
            let image = direction.indices.map { diagonal[$0] * direction[$0] - exchanged[$0] }
            let curvature = Self.dot(direction, image)
            guard curvature > 0 else { return false }
            let step = square / curvature
            for index in values.indices {
                values[index] += step * direction[index]
                rest[index] -= step * image[index]
            }
            if rest.reduce(0, { $0 + abs($1) }) <= precision { return true }
            let next = scaled(rest)
            let nextSquare = Self.dot(rest, next)
            let share = nextSquare / square
            square = nextSquare
            for index in direction.indices {
                direction[index] = next[index] + share * direction[index]
            }
        }
        return false
    }

    private static func dot(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

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
