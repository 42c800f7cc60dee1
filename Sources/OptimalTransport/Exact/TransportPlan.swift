/// An optimal plan: how much mass goes from each source to each target at the smallest cost.
public struct TransportPlan: Sendable, Equatable {
    /// Mass that goes one way.
    public struct Move: Sendable, Equatable {
        /// The row of the cost matrix.
        public let source: Int
        /// The column of the cost matrix.
        public let target: Int
        /// The share of all mass, positive.
        public let mass: Double
    }

    /// All moves, by source; fewer than sources and targets together. The total mass is one.
    public let moves: [Move]
    /// The cost of all moves, for a total mass of one.
    public let cost: Double
    /// The dual price of each source; with ``targetPotentials`` it proves that nothing is cheaper.
    ///
    /// The prices of a source and a target add up to at most the cost between them, up to rounding,
    /// and to just that where mass is moved: their averages over the two sides add up to ``cost``.
    /// For distances these are Kantorovich's potentials.
    public let sourcePotentials: [Double]
    /// The dual price of each target.
    public let targetPotentials: [Double]

    /// The cheapest plan, exact up to rounding.
    ///
    /// - Parameters:
    ///   - cost: The cost of a unit of mass from each source to each target.
    ///   - sources: The mass at each row of the matrix, finite and not negative, in any unit.
    ///   - targets: The mass wanted at each column; the total is that of the sources.
    /// - Throws: ``TransportError`` for unusable weights, or totals that differ by more than one
    ///   part in 10⁹.
    /// - Complexity: O(rows + columns) memory besides the matrix, and a copy of it where some
    ///   weights are zero or there are far more columns than rows.
    ///
    /// Weights count in steps of 2⁻⁶⁰ of the total; equal weights stay equal, so that equally many
    /// points are matched one to one.
    public static func solve(
        _ cost: CostMatrix, sources: [Double], targets: [Double]
    ) throws -> TransportPlan {
        let (from, to) = try balancedShares(cost, sources: sources, targets: targets)
        let (supply, demand) = MassUnits.integers(from, to)
        let rows = supply.indices.filter { supply[$0] > 0 }
        let columns = demand.indices.filter { demand[$0] > 0 }
        if rows.count == cost.rows, columns.count == cost.columns {
            return solve(cost, supply, demand)
        }
        let part = try solve(
            cost.restricted(to: rows, columns), rows.map { supply[$0] }, columns.map { demand[$0] })
        return part.extended(to: cost, rows, columns)
    }

    private static func solve(
        _ cost: CostMatrix, _ supply: [Int64], _ demand: [Int64]
    ) -> TransportPlan {
        // A first plan looks at all columns for each way.
        if cost.columns / 4 > cost.rows {
            return solve(cost.transposed, demand, supply).transposed
        }
        return cost.values.withUnsafeBufferPointer { values in
            var simplex = NetworkSimplex(cost: values, supply: supply, demand: demand)
            simplex.solve()
            return simplex.plan()
        }
    }
}

/// The weights of both sides as shares of their totals, which have to agree.
func balancedShares(
    _ cost: CostMatrix, sources: [Double], targets: [Double]
) throws -> (sources: [Double], targets: [Double]) {
    let from = try DiscreteMeasure.shares(sources, count: cost.rows, side: .first)
    let to = try DiscreteMeasure.shares(targets, count: cost.columns, side: .second)
    // Halves, so that the sum of many large weights is not infinite before they are compared.
    let (first, second) = (
        sources.reduce(0) { $0 + $1 / 0x1p20 }, targets.reduce(0) { $0 + $1 / 0x1p20 }
    )
    guard abs(first - second) <= 1e-9 * max(first, second) else {
        throw TransportError.unbalanced(first: first * 0x1p20, second: second * 0x1p20)
    }
    return (from, to)
}

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

extension TransportPlan {
    /// What proves that a plan is optimal, and how well.
    public struct Proof: Sendable, Equatable {
        /// `Σ a f + Σ b g` for the prices f and g: no plan costs less than this, less
        /// ``largestViolation``.
        public let dualCost: Double
        /// By how much the prices of a source and a target exceed the cost between them at most;
        /// zero up to rounding.
        public let largestViolation: Double
        /// The largest difference between the sums of a row or column of the plan and its weight.
        public let marginalError: Double
    }

    /// Checks the plan and its prices against the problem: weak duality, computed anew.
    ///
    /// - Parameters: What the plan was made for.
    /// - Throws: ``TransportError`` for weights that do not fit the costs.
    /// - Complexity: O(rows · columns).
    ///
    /// Source: Peyré and Cuturi 2019, "Computational Optimal Transport", section 2.5,
    /// arXiv:1803.00567.
    public func proof(
        for cost: CostMatrix, sources: [Double], targets: [Double]
    ) throws -> Proof {
        let (from, to) = try balancedShares(cost, sources: sources, targets: targets)
        var (out, into) = (from, to)
        for move in moves {
            out[move.source] -= move.mass
            into[move.target] -= move.mass
        }
        let violation = (0..<cost.rows).reduce(0.0) { largest, row in
            (0..<cost.columns).reduce(largest) {
                max($0, sourcePotentials[row] + targetPotentials[$1] - cost[row, $1])
            }
        }
        return Proof(
            dualCost: zip(from + to, sourcePotentials + targetPotentials).reduce(0) {
                $0 + $1.0 * $1.1
            },
            largestViolation: violation,
            marginalError: (out + into).reduce(0) { max($0, abs($1)) })
    }

    /// The same plan with the sides exchanged.
    fileprivate var transposed: TransportPlan {
        TransportPlan(
            moves: moves.map { Move(source: $0.target, target: $0.source, mass: $0.mass) }
                .sorted { ($0.source, $0.target) < ($1.source, $1.target) },
            cost: cost, sourcePotentials: targetPotentials, targetPotentials: sourcePotentials)
    }
}

extension CostMatrix {
    /// The costs with the sides exchanged.
    fileprivate var transposed: CostMatrix {
        CostMatrix(
            transposing: self,
            [Double](unsafeUninitializedCapacity: values.count) { result, count in
                for row in 0..<rows {
                    for column in 0..<columns {
                        (result.baseAddress! + column * rows + row).initialize(
                            to: values[row * columns + column])
                    }
                }
                count = values.count
            })
    }

    /// The costs of some rows and columns only.
    func restricted(to rows: [Int], _ columns: [Int]) throws -> CostMatrix {
        try CostMatrix(
            rows: rows.count, columns: columns.count,
            values: rows.flatMap { row in columns.map { self[row, $0] } })
    }
}
