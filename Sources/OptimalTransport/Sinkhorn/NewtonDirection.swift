/// The step of Newton's method for the row potentials of an entropic plan, in units of ε.
///
/// With r and b the row and column sums, it solves `(diag(r) − P diag(1/b) Pᵀ) d = a − r`: the
/// negative curvature of the dual value, which is the Laplacian of the graph in which rows exchange
/// mass through columns. Conjugate gradients do it where the plan mixes well; elimination where it
/// falls into parts that hardly do.
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
    ///   - gradient: a − r.
    ///   - precision: Which sum of magnitudes of the equations' errors is small enough.
    ///   - ground: The share of its weight by which each row is held; what exchanges less than that
    ///     is left in its place.
    init(_ kernel: EntropicKernel, gradient: [Double], precision: Double, ground: Double) {
        // Rows that lack most of their mass are held, or they would leap.
        let held = zip(kernel.rowSums, kernel.sources).map { sum, weight in
            max(0, 1e-3 * weight - sum) + ground * weight
        }
        let direct = kernel.rows <= Self.largestElimination
        values = [Double](repeating: 0, count: kernel.rows)
        let limit = direct ? max(20, kernel.rows / 2) : 2000
        let isSolved = conjugate(kernel, held, gradient, precision, limit)
        guard !isSolved, direct else { return }
        values = LaplacianElimination.solve(
            weights: kernel.exchange(), ground: held, right: gradient)
        passes += kernel.rows / 2
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
