/// The optimal plan of a transport problem with an entropic penalty, and its values.
///
/// `OT_ε = min over plans P of ⟨P, C⟩ + ε KL(P | a bᵀ)`, for weights a and b of total one.
///
/// Source: Cuturi 2013, "Sinkhorn distances", arXiv:1306.0895; solved by Newton's method while ε
/// shrinks, for any ε that the rounding of the costs does not hide.
public struct EntropicTransport: Sendable, Equatable {
    /// The regularised minimum `⟨P, C⟩ + ε KL(P | a bᵀ)`.
    public let value: Double
    /// `⟨P, C⟩`, the cost of the same plan without the penalty: Sinkhorn's distance, also "sharp".
    public let transportCost: Double
    /// f of each source, with `P_ij = a_i b_j exp((f_i + g_j − C_ij) / ε)`.
    public let sourcePotentials: [Double]
    /// g of each target.
    public let targetPotentials: [Double]
    /// `Σ_i |Σ_j P_ij − a_i|`; the column sums are right.
    public let marginalError: Double
    /// How often all pairs were passed over.
    public let iterations: Int

    /// Solves the problem to a marginal error within the settings' tolerance.
    ///
    /// - Parameters:
    ///   - cost: The cost of a unit of mass from each source to each target.
    ///   - sources: The mass at each row of the matrix, finite and not negative, in any unit.
    ///   - targets: The mass wanted at each column; the total is that of the sources.
    ///   - epsilon: ε, in the unit of the costs.
    ///   - settings: Tolerance and limit.
    /// - Throws: ``TransportError`` for unusable weights, ``EntropicError`` for an unusable ε or if
    ///   the limit comes first.
    /// - Complexity: O(rows · columns) for each iteration, about a hundred where ε is not small
    ///   beside the costs; where the plan falls into parts that hardly exchange mass, O(rows³) for
    ///   each of a few steps. Twice the memory of the costs.
    public static func solve(
        _ cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double,
        settings: SinkhornSettings = .standard
    ) throws -> EntropicTransport {
        let (from, to) = try balancedShares(cost, sources: sources, targets: targets)
        try check(epsilon, against: cost)
        var ascent = EntropicAscent(cost, sources: from, targets: to, settings: settings)
        try ascent.descend(to: epsilon)
        return ascent.solution(of: cost)
    }

    /// The problem of a measure with itself.
    static func solveSymmetric(
        _ measure: DiscreteMeasure, p: Double, epsilon: Double, settings: SinkhornSettings
    ) throws -> EntropicTransport {
        let cost = try CostMatrix.distances(measure, measure, p: p)
        try check(epsilon, against: cost)
        var ascent = EntropicAscent(
            cost, sources: measure.weights, targets: measure.weights, settings: settings)
        try ascent.settle(at: epsilon)
        return ascent.solution(of: cost)
    }

    private static func check(_ epsilon: Double, against cost: CostMatrix) throws {
        guard epsilon > 0, epsilon.isFinite else { throw EntropicError.epsilon(epsilon) }
        let smallest = cost.values.reduce(0) { max($0, abs($1)) } * 0x1p-52
        guard epsilon >= smallest else {
            throw EntropicError.epsilonTooSmall(epsilon, smallest: smallest)
        }
    }
}
