/// The optimal plan of a transport problem with an entropic penalty, and its values.
///
/// `OT_ε = min over plans P of ⟨P, C⟩ + ε KL(P | a bᵀ)`, for weights a and b of total one.
///
/// Sources: Cuturi 2013, "Sinkhorn distances", arXiv:1306.0895, for the problem; Schmitzer 2019,
/// "Stabilized sparse scaling algorithms", arXiv:1610.06519, for the logarithmic domain and the
/// ε-scaling.
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
    /// Iterations at the final regularisation.
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
    /// - Complexity: O(rows · columns) for each iteration, and their number grows like 1/ε.
    public static func solve(
        _ cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double,
        settings: SinkhornSettings = .standard
    ) throws -> EntropicTransport {
        let (from, to) = try balancedShares(cost, sources: sources, targets: targets)
        var iteration = try SinkhornIteration(
            cost, sources: from, targets: to, epsilon: epsilon, settings: settings)
        try iteration.run(settings) { iteration in iteration.alternate() }
        return iteration.solution()
    }

    /// The problem of a measure with itself: a symmetric cost and the same weights on both sides.
    ///
    /// Both potentials are the same, and averaging old and new ones converges in a few dozen
    /// iterations where alternating takes thousands.
    ///
    /// Source: Feydy et al. 2019, section 3.1, arXiv:1810.08278.
    static func solveSymmetric(
        _ cost: CostMatrix, weights: [Double], epsilon: Double, settings: SinkhornSettings
    ) throws -> EntropicTransport {
        var iteration = try SinkhornIteration(
            cost, sources: weights, targets: weights, epsilon: epsilon, settings: settings)
        try iteration.run(settings) { iteration in iteration.average() }
        return iteration.solution()
    }
}
