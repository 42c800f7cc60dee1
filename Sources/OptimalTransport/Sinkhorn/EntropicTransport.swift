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
        return ascent.solution()
    }

    /// The problem of a measure with itself.
    static func solveSymmetric(
        _ measure: DiscreteMeasure, norm: GroundNorm, p: Double, epsilon: Double,
        settings: SinkhornSettings
    ) throws -> EntropicTransport {
        let cost = try CostMatrix.distances(measure, measure, norm: norm, p: p)
        try check(epsilon, against: cost)
        var ascent = EntropicAscent(
            cost, sources: measure.weights, targets: measure.weights, settings: settings)
        try ascent.settle(at: epsilon)
        return ascent.solution()
    }

    /// Refuses what is no ε, or is lost in the rounding of the costs.
    static func check(_ epsilon: Double, against cost: CostMatrix) throws {
        guard epsilon > 0, epsilon.isFinite else { throw EntropicError.epsilon(epsilon) }
        let smallest = cost.values.reduce(0) { max($0, abs($1)) } * 0x1p-52
        guard epsilon >= smallest else {
            throw EntropicError.epsilonTooSmall(epsilon, smallest: smallest)
        }
    }
}

/// How far a plan with an entropic penalty is refined.
public struct SinkhornSettings: Sendable, Equatable {
    /// The tolerances that can be asked for; double precision reaches the smallest.
    public static let tolerances = 1e-12...0.1
    /// The limits that can be asked for.
    public static let iterationCounts = 1...10_000_000

    /// The share of the mass that may be in wrong places: the largest total deviation of the plan's
    /// row sums from the weights, whose total is one; its column sums are right up to rounding.
    public let tolerance: Double
    /// How often all pairs may be passed over, to find the plan of potentials or to multiply it
    /// with a vector.
    public let maximumIterations: Int

    /// - Throws: ``EntropicError`` outside ``tolerances`` and ``iterationCounts``.
    public init(tolerance: Double = 1e-9, maximumIterations: Int = 20_000) throws {
        guard Self.tolerances ~= tolerance else { throw EntropicError.tolerance(tolerance) }
        guard Self.iterationCounts ~= maximumIterations else {
            throw EntropicError.iterations(maximumIterations)
        }
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// A marginal error of 10⁻⁹ within 20 000 iterations.
    public static let standard = SinkhornSettings()

    private init() {
        tolerance = 1e-9
        maximumIterations = 20_000
    }
}

/// Why an entropic problem cannot be solved as it was given.
public enum EntropicError: Error, Equatable {
    /// A regularisation that is not positive and finite.
    case epsilon(Double)
    /// A regularisation that is lost in the rounding of the costs.
    case epsilonTooSmall(Double, smallest: Double)
    /// A tolerance outside ``SinkhornSettings/tolerances``.
    case tolerance(Double)
    /// A limit of iterations outside ``SinkhornSettings/iterationCounts``.
    case iterations(Int)
    /// A marginal error that is still above the tolerance at the limit of iterations.
    case notConverged(marginalError: Double, iterations: Int)
    /// A marginal penalty that is not positive and finite.
    case marginalPenalty(Double)

    /// Whether the problem is sound, and only its solution was given up.
    package var isOfEffort: Bool { if case .notConverged = self { true } else { false } }
}

extension EntropicError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .epsilon(let epsilon):
            "The regularisation cannot be \(epsilon); give a positive number in the unit of the "
                + "costs."
        case .epsilonTooSmall(let epsilon, let smallest):
            "The regularisation \(epsilon) is lost in the rounding of these costs; "
                + "give at least \(smallest), or take the exact distance."
        case .tolerance(let tolerance):
            "The marginal error cannot be held to \(tolerance); give a number from "
                + "\(SinkhornSettings.tolerances.lowerBound) to "
                + "\(SinkhornSettings.tolerances.upperBound)."
        case .iterations(let count):
            "\(count) is no limit of iterations; give "
                + "\(SinkhornSettings.iterationCounts.lowerBound) to "
                + "\(SinkhornSettings.iterationCounts.upperBound)."
        case .notConverged(let error, let iterations):
            "The marginal error is still \(error) after \(iterations) iterations; "
                + "give a larger epsilon, a larger tolerance or more iterations."
        case .marginalPenalty(let penalty):
            "The marginal penalty cannot be \(penalty); give a positive number in the unit of the "
                + "costs."
        }
    }
}
