/// A one-to-one assignment of rows to columns with the smallest total cost.
public struct Assignment: Sendable, Equatable {
    /// The column of each row.
    public let columns: [Int]
    /// The sum of the costs of the assigned pairs.
    public let totalCost: Double
    /// The dual price of each row; with ``columnPotentials`` it proves that nothing is cheaper.
    ///
    /// `rowPotentials[i] + columnPotentials[j]` is at most the cost of the pair, up to rounding,
    /// and equal to it for assigned pairs: their sum is ``totalCost``. For distances these are
    /// Kantorovich's potentials of the two samples.
    public let rowPotentials: [Double]
    /// The dual price of each column.
    public let columnPotentials: [Double]

    /// The cheapest assignment, exact up to rounding.
    ///
    /// - Parameter cost: A square matrix.
    /// - Throws: ``TransportError/notSquare(rows:columns:)``.
    /// - Complexity: O(n³) at worst.
    ///
    /// Source: Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and
    /// sparse linear assignment problems", Computing 38. Differs in going from the column reduction
    /// straight to the paths: reduction transfer and row bidding gain nothing on point clouds.
    public static func solve(_ cost: CostMatrix) throws -> Assignment {
        guard cost.rows == cost.columns else {
            throw TransportError.notSquare(rows: cost.rows, columns: cost.columns)
        }
        return cost.values.withUnsafeBufferPointer { values in
            let problem = AssignmentProblem(cost: values, size: cost.rows)
            problem.reduceColumns()
            for row in 0..<problem.size where problem.columnOfRow[row] == AssignmentProblem.none {
                problem.augment(from: row)
            }
            return problem.solution()
        }
    }
}
