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
    var slack = 0.0
    for move in plan.moves {
        #expect(move.mass > 0, comment)
        out[move.source] += move.mass
        into[move.target] += move.mass
        let price = cost[move.source, move.target]
        paid += move.mass * price
        slack = max(
            slack,
            abs(
                price - plan.sourcePotentials[move.source] - plan.targetPotentials[move.target]))
    }
    #expect(plan.moves.count < cost.rows + cost.columns, comment)
    for (got, wanted) in [(out, sources), (into, targets)] {
        let total = wanted.reduce(0, +)
        #expect(zip(got, wanted).allSatisfy { abs($0 - $1 / total) <= 1e-13 }, comment)
    }
    #expect(abs(paid - plan.cost) <= 1e-12 * scale, comment)
    #expect(slack <= 1e-11 * scale, comment)
    let dual = zip(plan.sourcePotentials + plan.targetPotentials, out + into).reduce(0) {
        $0 + $1.0 * $1.1
    }
    #expect(abs(dual - paid) <= 1e-11 * scale, comment)
    var worst = 0.0
    for row in 0..<cost.rows {
        for column in 0..<cost.columns {
            let price = plan.sourcePotentials[row] + plan.targetPotentials[column]
            worst = max(worst, price - cost[row, column])
        }
    }
    #expect(worst <= 1e-11 * scale, comment)
}
