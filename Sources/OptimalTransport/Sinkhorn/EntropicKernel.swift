import Dispatch
import Foundation

/// The matrix of a plan that potentials describe, and its products.
///
/// `P_ij = a_i b_j exp((f_i + g_j − C_ij) / ε)`, where g makes the column sums right for any f:
/// those of the weights, or for a penalty ρ on their divergence `b_j exp(−g_j / ρ)`.
///
/// What potentials have explained of the costs can be taken off them for good (``absorb(_:)``);
/// what is left is small where the plan has mass, so that rounding does not grow with cost over ε.
///
/// Columns are dealt with in blocks by all processors. Sums are taken by block, in the order of the
/// blocks, so the number of processors changes no bit.
struct EntropicKernel {
    let rows: Int
    let columns: Int
    /// The weights a and b.
    let sources: [Double]
    let targets: [Double]
    /// ρ; infinite where the column sums have to be the weights.
    let penalty: Double
    /// What the columns' potentials have absorbed.
    private(set) var targetBase: [Double]
    /// What columns' exchange of mass between rows is divided by: their sums times 1 + ε / ρ.
    private var divisors: [Double]
    /// g of each column for the f of the last evaluation, beyond what was absorbed.
    private(set) var targetPotentials: [Double]
    /// The row sums of the last evaluation.
    private(set) var rowSums: [Double]
    /// The costs less the absorbed potentials: blocks of columns, each with its rows.
    private var costs: [Double]
    /// The plan of the last evaluation, likewise.
    private var plan: [Double]
    private let logSources: [Double]

    /// Columns in a block.
    private static let width = 64

    /// - Parameter offset: What is taken off all costs.
    init(
        _ cost: CostMatrix, sources: [Double], targets: [Double], penalty: Double, offset: Double
    ) {
        (rows, columns) = (cost.rows, cost.columns)
        (self.sources, self.targets, self.penalty) = (sources, targets, penalty)
        targetBase = [Double](repeating: offset, count: columns)
        divisors = targets
        targetPotentials = [Double](repeating: 0, count: columns)
        rowSums = [Double](repeating: 0, count: rows)
        logSources = sources.map { log($0) }
        plan = [Double](repeating: 0, count: rows * columns)
        costs = plan
        for start in stride(from: 0, to: columns, by: Self.width) {
            let width = min(Self.width, columns - start)
            for row in 0..<rows {
                for column in 0..<width {
                    costs[rows * start + row * width + column] =
                        cost.values[row * columns + start + column] - offset
                }
            }
        }
    }

    /// Finds the column potentials and the plan for row potentials f.
    mutating func evaluate(_ potentials: [Double], epsilon: Double) {
        let scale = 1 / epsilon
        let shifts = zip(potentials, logSources).map { $0 * scale + $1 }
        let (rows, columns, targets, base) = (rows, columns, targets, targetBase)
        let softness = epsilon / penalty
        rowSums = costs.withUnsafeBufferPointer { costs in
            plan.withUnsafeMutableBufferPointer { plan in
                targetPotentials.withUnsafeMutableBufferPointer { found in
                    nonisolated(unsafe) let (costs, plan, found) = (
                        costs.baseAddress!, plan.baseAddress!, found.baseAddress!
                    )
                    return Self.sumOverBlocks(columns: columns, rows: rows) { block, sums in
                        let start = rows * block.lowerBound
                        let columns = PlanColumns(
                            costs: costs + start, plan: plan + start, width: block.count,
                            rows: rows, softness: softness)
                        columns.evaluate(
                            shifts, scale, targets[block], base: base[block],
                            found + block.lowerBound, sums)
                    }
                }
            }
        }
        guard softness > 0 else { return }
        divisors = targets.indices.map {
            (1 + softness) * targets[$0] * exp(-(base[$0] + targetPotentials[$0]) / penalty)
        }
    }

    /// Takes the potentials of the last evaluation off the costs.
    mutating func absorb(_ potentials: [Double]) {
        targetBase = zip(targetBase, targetPotentials).map { $0 + $1 }
        for start in stride(from: 0, to: columns, by: Self.width) {
            let width = min(Self.width, columns - start)
            for row in 0..<rows {
                for column in 0..<width {
                    costs[rows * start + row * width + column] -=
                        potentials[row] + targetPotentials[start + column]
                }
            }
        }
    }

    /// `P diag(1/b) Pᵀ v`, with the divisors b.
    func product(_ vector: [Double]) -> [Double] {
        plan.withUnsafeBufferPointer { plan in
            nonisolated(unsafe) let plan = plan.baseAddress!
            return Self.sumOverBlocks(columns: columns, rows: rows) { block, sums in
                PlanColumns.multiply(
                    plan + rows * block.lowerBound, vector, divisors[block], sums)
            }
        }
    }

    /// `W_ik = Σ_j P_ij P_kj / b_j` for i < k, row-major `[rows, rows]`, and zeros elsewhere.
    ///
    /// - Complexity: O(rows² · columns).
    func exchange() -> [Double] {
        let (rows, columns, divisors) = (rows, columns, divisors)
        var result = [Double](repeating: 0, count: rows * rows)
        plan.withUnsafeBufferPointer { plan in
            result.withUnsafeMutableBufferPointer { result in
                nonisolated(unsafe) let (plan, result) = (plan.baseAddress!, result.baseAddress!)
                // A few rows at a time, which stay near while all others pass by.
                let size = 8
                DispatchQueue.concurrentPerform(iterations: (rows + size - 1) / size) { group in
                    let chosen = group * size..<min(rows, (group + 1) * size)
                    for start in stride(from: 0, to: columns, by: Self.width) {
                        let chosenDivisors = divisors[start..<min(columns, start + Self.width)]
                        PlanColumns.exchange(
                            plan + rows * start, chosen, of: rows, chosenDivisors, result)
                    }
                }
            }
        }
        return result
    }

    /// `⟨P, C⟩` for the costs that the kernel was made of.
    func transportCost(_ cost: CostMatrix) -> Double {
        Self.sumOverBlocks(columns: columns, rows: rows) { block, sums in
            var place = rows * block.lowerBound
            for row in 0..<rows {
                for column in block {
                    sums[row] += plan[place] * cost.values[row * columns + column]
                    place += 1
                }
            }
        }.reduce(0, +)
    }

    /// Calls `body` with each block of columns and zeros to add row sums to; returns their totals.
    private static func sumOverBlocks(
        columns: Int, rows: Int,
        _ body: @Sendable (_ block: Range<Int>, _ sums: UnsafeMutablePointer<Double>) -> Void
    ) -> [Double] {
        let blocks = (columns + width - 1) / width
        var sums = [Double](repeating: 0, count: blocks * rows)
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums.baseAddress!
            // One block is not worth the way through the queue.
            if blocks == 1 { return body(0..<columns, sums) }
            DispatchQueue.concurrentPerform(iterations: blocks) { block in
                let start = block * width
                body(start..<min(columns, start + width), sums + block * rows)
            }
        }
        for block in 1..<max(1, blocks) {
            for row in 0..<rows { sums[row] += sums[block * rows + row] }
        }
        return Array(sums.prefix(rows))
    }
}
