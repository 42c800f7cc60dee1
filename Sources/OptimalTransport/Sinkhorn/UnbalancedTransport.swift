/// The optimal plan between weights that it need not keep to, at a price.
///
/// `min over P ≥ 0 of ⟨P, C⟩ + ε KL(P | a bᵀ) + ρ KL(P 1 | a) + ρ KL(Pᵀ 1 | b)`, where
/// `KL(p | q) = Σ p log(p/q) − p + q`. Mass whose way costs much more than ρ stays where it is, so
/// that outliers count little; for large ρ and equal totals it is ``EntropicTransport``. The total
/// mass of a and b counts, and they may differ in it.
///
/// It is POT's `sinkhorn_unbalanced` with `reg` ε and `reg_m` ρ.
///
/// Sources: Chizat et al. 2018, "Scaling algorithms for unbalanced optimal transport problems",
/// arXiv:1607.05816; Séjourné et al. 2019, arXiv:1910.12958. Solved by Newton's method like
/// ``EntropicTransport``.
public struct UnbalancedTransport: Sendable, Equatable {
    /// The minimum, with all penalties.
    public let value: Double
    /// `⟨P, C⟩`, the cost of the same plan without the penalties.
    public let transportCost: Double
    /// The mass that is moved, `Σ P`.
    public let mass: Double
    /// f of each source, with `P_ij = a_i b_j exp((f_i + g_j − C_ij) / ε)`; the row sums of P are
    /// `a exp(−f / ρ)`.
    public let sourcePotentials: [Double]
    /// g of each target, likewise.
    public let targetPotentials: [Double]
    /// `Σ_i |Σ_j P_ij − a_i exp(−f_i / ρ)|`, as a share of the geometric mean
    /// of the two totals.
    public let marginalError: Double
    /// How often all pairs were passed over.
    public let iterations: Int

    /// Solves the problem to a marginal error within the settings' tolerance.
    ///
    /// - Parameters:
    ///   - cost: The cost of a unit of mass from each source to each target.
    ///   - sources: The mass at each row of the matrix, finite and not negative.
    ///   - targets: The mass at each column.
    ///   - epsilon: ε, in the unit of the costs.
    ///   - marginalPenalty: ρ, in the unit of the costs, positive and finite.
    ///   - settings: Tolerance and limit.
    /// - Throws: ``TransportError`` for unusable weights, ``EntropicError`` for an unusable ε or ρ
    ///   or if the limit comes first.
    /// - Complexity: As of ``EntropicTransport/solve(_:sources:targets:epsilon:settings:)``.
    public static func solve(
        _ cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double,
        marginalPenalty: Double, settings: SinkhornSettings = .standard
    ) throws -> UnbalancedTransport {
        try requireMasses(sources, targets, of: cost)
        var ascent = try ascent(
            cost, sources, targets, epsilon, marginalPenalty, settings)
        try ascent.descend(to: epsilon)
        return ascent.softSolution()
    }

    /// The problem of points with themselves, whose cost is symmetric.
    static func solveSymmetric(
        _ cost: CostMatrix, weights: [Double], epsilon: Double, marginalPenalty: Double,
        settings: SinkhornSettings
    ) throws -> UnbalancedTransport {
        var ascent = try ascent(cost, weights, weights, epsilon, marginalPenalty, settings)
        try ascent.settle(at: epsilon)
        return ascent.softSolution()
    }

    private static func ascent(
        _ cost: CostMatrix, _ sources: [Double], _ targets: [Double], _ epsilon: Double,
        _ penalty: Double, _ settings: SinkhornSettings
    ) throws -> EntropicAscent {
        try EntropicTransport.check(epsilon, against: cost)
        guard penalty > 0, penalty.isFinite else { throw EntropicError.marginalPenalty(penalty) }
        return EntropicAscent(
            cost, sources: sources, targets: targets, penalty: penalty, settings: settings)
    }
}

/// Unbalanced transport without its bias.
///
/// `S = U(α, β) − U(α, α)/2 − U(β, β)/2 + ε (m(α) − m(β))²/2`, with U of ``UnbalancedTransport``,
/// costs `|x − y|^p` without a factor 1/p, and total masses m. It is zero for equal measures and
/// positive for others.
///
/// geomloss' `SamplesLoss("sinkhorn", p, blur, reach)` has the cost `|x − y|^p / p`, ε = blur^p and
/// ρ = reach^p: its value is ours at ε = p · blur^p and ρ = p · reach^p, divided by p.
///
/// Source: Séjourné et al. 2019, "Sinkhorn divergences for unbalanced optimal transport",
/// definition 5, arXiv:1910.12958.
public struct UnbalancedDivergence: Sendable, Equatable {
    /// The problem between the two measures.
    public let between: UnbalancedTransport
    /// The problem of the first measure with itself.
    public let withinFirst: UnbalancedTransport
    /// The problem of the second measure with itself.
    public let withinSecond: UnbalancedTransport
    /// `ε (m(α) − m(β))²/2`.
    public let massTerm: Double

    /// The divergence, in the unit of cost times mass; below zero only by the tolerance.
    public var value: Double {
        between.value - (withinFirst.value + withinSecond.value) / 2 + massTerm
    }

    /// Solves the three problems.
    ///
    /// - Parameters:
    ///   - first: Points; their measure's own weights, of total one, are not used.
    ///   - second: Points of the same space.
    ///   - masses: The mass at each point of the first side and of the second, not negative.
    ///   - p: The power of the distance that is the cost, 1 or more and finite.
    ///   - norm: How distances are measured.
    ///   - epsilon: ε, in the unit of the costs.
    ///   - marginalPenalty: ρ, in the unit of the costs.
    ///   - settings: Tolerance and limit of each problem.
    /// - Throws: ``TransportError`` or ``EntropicError``.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, masses: ([Double], [Double]),
        p: Double = 2, norm: GroundNorm = .l2, epsilon: Double, marginalPenalty: Double,
        settings: SinkhornSettings = .standard
    ) throws {
        let cost = try CostMatrix.distances(first, second, norm: norm, p: p)
        try requireMasses(masses.0, masses.1, of: cost)
        let within = { (points: DiscreteMeasure, weights: [Double]) in
            try UnbalancedTransport.solveSymmetric(
                .distances(points, points, norm: norm, p: p), weights: weights, epsilon: epsilon,
                marginalPenalty: marginalPenalty, settings: settings)
        }
        withinFirst = try within(first, masses.0)
        let areEqual = first.points == second.points && masses.0 == masses.1
        withinSecond = areEqual ? withinFirst : try within(second, masses.1)
        between =
            areEqual
            ? withinFirst
            : try UnbalancedTransport.solve(
                cost, sources: masses.0, targets: masses.1, epsilon: epsilon,
                marginalPenalty: marginalPenalty, settings: settings)
        let difference = masses.0.reduce(0, +) - masses.1.reduce(0, +)
        massTerm = epsilon * difference * difference / 2
    }
}

/// Refuses weights that are unusable as masses: what ``DiscreteMeasure`` refuses, and totals that
/// are not between 10⁻¹⁰⁰ and 10¹⁰⁰.
func requireMasses(_ sources: [Double], _ targets: [Double], of cost: CostMatrix) throws {
    _ = try DiscreteMeasure.shares(sources, count: cost.rows, side: .first)
    _ = try DiscreteMeasure.shares(targets, count: cost.columns, side: .second)
    for (weights, side) in [(sources, TransportError.Side.first), (targets, .second)] {
        let total = weights.reduce(0, +)
        guard 1e-100...1e100 ~= total else { throw TransportError.massOutOfRange(side, total) }
    }
}
