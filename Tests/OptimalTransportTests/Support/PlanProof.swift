import OptimalTransport
import Testing

/// Right marginals, the stated cost, and prices that prove that no plan is cheaper.
func expectOptimal(
    _ plan: TransportPlan, _ cost: CostMatrix, _ sources: [Double], _ targets: [Double],
    _ comment: Comment? = nil
) {
    let scale = cost.values.reduce(1e-300) { max($0, abs($1)) }
    var out = [Double](repeating: 0, count: cost.rows)
    var into = [Double](repeating: 0, count: cost.columns)
    var paid = 0.0
    for move in plan.moves {
        #expect(move.mass > 0, comment)
        out[move.source] += move.mass
        into[move.target] += move.mass
        let price = cost[move.source, move.target]
        paid += move.mass * price
    }
    #expect(plan.moves.count < cost.rows + cost.columns, comment)
    for (got, wanted) in [(out, sources), (into, targets)] {
        let total = wanted.reduce(0, +)
        #expect(zip(got, wanted).allSatisfy { abs($0 - $1 / total) <= 1e-13 }, comment)
    }
    #expect(abs(paid - plan.cost) <= 1e-12 * scale, comment)
    #expect(
        plan.moves.allSatisfy { move in
            let price = plan.sourcePotentials[move.source] + plan.targetPotentials[move.target]
            return abs(cost[move.source, move.target] - price) <= 1e-11 * scale
        }, comment)
    let dual = zip(plan.sourcePotentials + plan.targetPotentials, out + into).reduce(0) {
        $0 + $1.0 * $1.1
    }
    #expect(abs(dual - paid) <= 1e-11 * scale, comment)
    #expect(
        (0..<cost.rows).allSatisfy { row in
            (0..<cost.columns).allSatisfy { column in
                let price = plan.sourcePotentials[row] + plan.targetPotentials[column]
                return price - cost[row, column] <= 1e-11 * scale
            }
        }, comment)
}
