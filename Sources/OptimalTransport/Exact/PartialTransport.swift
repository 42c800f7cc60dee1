/// The cheapest plan that moves a given part of the mass and leaves the rest where it is.
///
/// `min over P ≥ 0 of ⟨P, C⟩` with row sums of at most a, column sums of at most b and `Σ P = m`.
/// The total mass of a and b counts, and they may differ in it. It is POT's
/// `partial_wasserstein`, exact.
///
/// A further source and a further target, with costs of zero, take what is left; a way between
/// these two costs more than any that there is, so that none of it is used.
///
/// Source: Chapel, Alaya and Gasso 2020, "Partial optimal transport with applications on
/// positive-unlabeled learning", section 3, arXiv:2002.08276.
public struct PartialTransport: Sendable, Equatable {
    /// All moves, by source; their masses are in the unit of the weights and add up to ``mass``.
    public let moves: [TransportPlan.Move]
    /// The cost of all moves, in the unit of cost times mass.
    public let cost: Double
    /// m.
    public let mass: Double
    /// The dual price u of each source, at most 0, and below it only where all mass is moved.
    ///
    /// `u_i + v_j + λ ≤ C_ij` for all pairs, up to rounding, and
    /// `Σ a u + Σ b v + λ m` is ``cost``: this proves that nothing is cheaper.
    public let sourcePotentials: [Double]
    /// The dual price v of each target, likewise.
    public let targetPotentials: [Double]
    /// λ, the price of a unit of mass: what a little more of it would cost.
    public let price: Double

    /// Solves the problem, exactly up to rounding.
    ///
    /// - Parameters:
    ///   - cost: The cost of a unit of mass from each source to each target.
    ///   - sources: The mass at each row of the matrix, finite and not negative.
    ///   - targets: The mass at each column.
    ///   - mass: m, positive and at most the total of either side.
    /// - Throws: ``TransportError`` for unusable weights, a mass out of range, or too many pairs.
    /// - Complexity: A copy of the costs besides what
    ///   ``TransportPlan/solve(_:sources:targets:)`` takes.
    public static func solve(
        _ cost: CostMatrix, sources: [Double], targets: [Double], mass: Double
    ) throws -> PartialTransport {
        try requireMasses(sources, targets, of: cost)
        let totals = (sources.reduce(0, +), targets.reduce(0, +))
        let most = min(totals.0, totals.1)
        // Sums of weights are known up to their rounding.
        guard mass > 0, mass <= most * (1 + 1e-12) else {
            throw TransportError.partialMass(mass, most: most)
        }
        let moved = min(mass, most)
        let plan = try TransportPlan.solve(
            cost.withSpare(), sources: sources + [totals.1 - moved],
            targets: targets + [totals.0 - moved])
        return PartialTransport(plan, of: cost, mass: moved, total: totals.0 + totals.1 - moved)
    }

    private init(_ plan: TransportPlan, of matrix: CostMatrix, mass: Double, total: Double) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        moves = plan.moves.filter { $0.source < rows && $0.target < columns }.map {
            .init(source: $0.source, target: $0.target, mass: $0.mass * total)
        }
        cost = moves.reduce(0) { $0 + $1.mass * matrix[$1.source, $1.target] }
        self.mass = mass
        let (row, column) = (plan.sourcePotentials[rows], plan.targetPotentials[columns])
        sourcePotentials = plan.sourcePotentials.prefix(rows).map { min(0, $0 + column) }
        targetPotentials = plan.targetPotentials.prefix(columns).map { min(0, $0 + row) }
        price = -(row + column)
    }
}

extension CostMatrix {
    /// The matrix with a further row and column of zeros, and a prohibitive cost where they meet.
    fileprivate func withSpare() throws -> CostMatrix {
        let largest = values.reduce(0) { max($0, abs($1)) }
        var extended: [Double] = []
        extended.reserveCapacity((rows + 1) * (columns + 1))
        for row in 0..<rows {
            extended += values[row * columns..<(row + 1) * columns]
            extended.append(0)
        }
        extended += [Double](repeating: 0, count: columns)
        extended.append(largest > 0 ? 2 * largest : 1)
        return try CostMatrix(rows: rows + 1, columns: columns + 1, values: extended)
    }
}
