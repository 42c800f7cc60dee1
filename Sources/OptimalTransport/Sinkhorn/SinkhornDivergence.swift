/// The Sinkhorn divergence of two measures: entropic transport without its bias.
///
/// `S_ε = OT_ε(α, β) − OT_ε(α, α)/2 − OT_ε(β, β)/2`, with costs `|x − y|^p`, without a factor 1/p.
/// It is zero for equal measures, positive for others, and goes from the distance of the means (for
/// p = 2 and large ε) to `W_p^p` (for small ε).
///
/// geomloss' `SamplesLoss("sinkhorn", p, blur)` has the cost `|x − y|^p / p` and ε = blur^p: its
/// value is ours at ε = p · blur^p, divided by p, up to the error of its fixed number of steps.
///
/// Sources: Genevay et al. 2018, arXiv:1706.00292; Feydy et al. 2019, arXiv:1810.08278.
public struct SinkhornDivergence: Sendable, Equatable {
    /// The problem between the two measures.
    public let between: EntropicTransport
    /// The problem of the first measure with itself.
    public let withinFirst: EntropicTransport
    /// The problem of the second measure with itself.
    public let withinSecond: EntropicTransport

    /// The divergence, in the unit of the costs; below zero only by the tolerance.
    public var value: Double {
        between.value - (withinFirst.value + withinSecond.value) / 2
    }

    /// The same combination of the costs without the entropy: what some libraries return.
    public var sharpValue: Double {
        between.transportCost - (withinFirst.transportCost + withinSecond.transportCost) / 2
    }

    /// Solves the three problems.
    ///
    /// - Parameters:
    ///   - first: A measure.
    ///   - second: Another one in the same space.
    ///   - p: The power of the distance that is the cost, 1 or more and finite.
    ///   - norm: How distances are measured.
    ///   - epsilon: ε, in the unit of the costs.
    ///   - settings: Tolerance and limit of each problem.
    /// - Throws: ``TransportError`` or ``EntropicError``.
    public init(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, p: Double = 2,
        norm: GroundNorm = .l2, epsilon: Double, settings: SinkhornSettings = .standard
    ) throws {
        try requireSameSpace(first, second)
        let within = { (measure: DiscreteMeasure) in
            try EntropicTransport.solveSymmetric(
                measure, norm: norm, p: p, epsilon: epsilon, settings: settings)
        }
        withinFirst = try within(first)
        // Equal measures have one problem, and a divergence of zero to the last bit.
        let areEqual = first == second
        withinSecond = areEqual ? withinFirst : try within(second)
        between =
            areEqual
            ? withinFirst
            : try EntropicTransport.solve(
                .distances(first, second, norm: norm, p: p), sources: first.weights,
                targets: second.weights, epsilon: epsilon, settings: settings)
    }
}
