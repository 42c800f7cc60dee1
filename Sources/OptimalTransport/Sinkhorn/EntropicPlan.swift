import Foundation

extension EntropicTransport {
    /// The plan that the potentials describe, row-major `[rows, columns]`.
    ///
    /// - Parameters: What the problem was solved with; weights count by their share of the total.
    /// - Throws: ``TransportError`` for weights that do not fit the costs.
    /// - Complexity: O(rows · columns), and the memory of the result.
    public func plan(
        of cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double
    ) throws -> [Double] {
        let (from, to) = try balancedShares(cost, sources: sources, targets: targets)
        return cost.plan((from, sourcePotentials), (to, targetPotentials), epsilon: epsilon)
    }
}

extension UnbalancedTransport {
    /// The plan that the potentials describe, row-major `[rows, columns]`.
    ///
    /// - Parameters: What the problem was solved with.
    /// - Throws: ``TransportError`` for weights that do not fit the costs.
    /// - Complexity: O(rows · columns), and the memory of the result.
    public func plan(
        of cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double
    ) throws -> [Double] {
        try requireMasses(sources, targets, of: cost)
        return cost.plan(
            (sources, sourcePotentials), (targets, targetPotentials), epsilon: epsilon)
    }
}

extension CostMatrix {
    /// `a_i b_j exp((f_i + g_j − C_ij) / ε)`.
    fileprivate func plan(
        _ sources: (weights: [Double], potentials: [Double]),
        _ targets: (weights: [Double], potentials: [Double]), epsilon: Double
    ) -> [Double] {
        precondition(
            sources.potentials.count == rows && targets.potentials.count == columns,
            "The costs are those that the plan was made for.")
        var plan = [Double](repeating: 0, count: rows * columns)
        for row in 0..<rows where sources.weights[row] > 0 {
            for column in 0..<columns where targets.weights[column] > 0 {
                let exponent =
                    (sources.potentials[row] + targets.potentials[column] - self[row, column])
                    / epsilon
                plan[row * columns + column] =
                    sources.weights[row] * targets.weights[column] * exp(exponent)
            }
        }
        return plan
    }
}
