extension TransportPlan {
    /// The plan of a part of a problem, with the rest of the rows and columns left without mass.
    ///
    /// The others get the largest prices that are allowed: first the columns, then the rows.
    func extended(to whole: CostMatrix, _ rows: [Int], _ columns: [Int]) -> TransportPlan {
        var source = [Double](repeating: .infinity, count: whole.rows)
        var target = [Double](repeating: .infinity, count: whole.columns)
        for (row, price) in zip(rows, sourcePotentials) { source[row] = price }
        for (column, price) in zip(columns, targetPotentials) { target[column] = price }
        for column in target.indices where target[column] == .infinity {
            target[column] = rows.reduce(.infinity) { min($0, whole[$1, column] - source[$1]) }
        }
        for row in source.indices where source[row] == .infinity {
            source[row] = target.indices.reduce(.infinity) {
                min($0, whole[row, $1] - target[$1])
            }
        }
        return TransportPlan(
            moves: moves.map {
                Move(source: rows[$0.source], target: columns[$0.target], mass: $0.mass)
            },
            cost: cost, sourcePotentials: source, targetPotentials: target)
    }
}

extension CostMatrix {
    /// The costs of some rows and columns only.
    func restricted(to rows: [Int], _ columns: [Int]) throws -> CostMatrix {
        try CostMatrix(
            rows: rows.count, columns: columns.count,
            values: rows.flatMap { row in columns.map { self[row, $0] } })
    }
}
