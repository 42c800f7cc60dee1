/// An assignment of each row to a column of its own with the smallest total cost.
public struct Assignment: Sendable, Equatable {
    /// The column of each row.
    public let columns: [Int]
    /// The sum of the costs of the assigned pairs.
    public let totalCost: Double
    /// The dual price of each row; with ``columnPotentials`` it proves that nothing is cheaper.
    ///
    /// `rowPotentials[i] + columnPotentials[j]` is at most the cost of the pair, up to rounding,
    /// and equal to it for assigned pairs. A column that is left over has the price zero, and where
    /// there is one no column has a higher price: the sum of all prices is ``totalCost``.
    public let rowPotentials: [Double]
    /// The dual price of each column.
    public let columnPotentials: [Double]

    /// The cheapest assignment, exact up to rounding.
    ///
    /// It is the transport of one unit from each row to the columns, whose optimal plans are whole
    /// (Birkhoff); a row without costs takes what is left over.
    ///
    /// - Parameter cost: A matrix with at most as many rows as columns.
    /// - Throws: ``TransportError/tooManyRows(rows:columns:)``.
    /// - Complexity: O(rows + columns) memory besides the matrix, and a copy of it unless it is
    ///   square. No matrix is known to need more than about cubic time.
    public static func solve(_ cost: CostMatrix) throws -> Assignment {
        let spare = cost.columns - cost.rows
        guard spare >= 0 else {
            throw TransportError.tooManyRows(rows: cost.rows, columns: cost.columns)
        }
        var supply = [Int64](repeating: 1, count: cost.rows)
        var values = cost.values
        if spare > 0 {
            supply.append(Int64(spare))
            values += [Double](repeating: 0, count: cost.columns)
        }
        let demand = [Int64](repeating: 1, count: cost.columns)
        return values.withUnsafeBufferPointer { values in
            var simplex = NetworkSimplex(cost: values, supply: supply, demand: demand)
            simplex.solve()
            return Assignment(simplex.plan(), of: cost)
        }
    }

    /// The moves of all rows of the matrix, and the prices relative to that of the row beyond it.
    private init(_ plan: TransportPlan, of cost: CostMatrix) {
        let base = cost.rows < cost.columns ? plan.sourcePotentials[cost.rows] : 0
        let columns = plan.moves.prefix(cost.rows).map(\.target)
        self.columns = columns
        totalCost = columns.enumerated().reduce(0) { $0 + cost[$1.offset, $1.element] }
        rowPotentials = plan.sourcePotentials.prefix(cost.rows).map { $0 - base }
        columnPotentials = plan.targetPotentials.map { $0 + base }
    }
}
