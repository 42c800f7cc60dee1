import Foundation

/// Some columns of an entropic plan, `[rows, width]`: the loops over all pairs.
struct PlanColumns {
    /// The costs less the potentials that ``EntropicKernel`` has absorbed, row-major.
    let costs: UnsafePointer<Double>
    /// Where ``evaluate(_:_:_:_:_:)`` writes the plan's shares of the mass, row-major, ≥ 0.
    let plan: UnsafeMutablePointer<Double>
    let width: Int
    let rows: Int
    /// ε / ρ, the softness of the columns' marginal; 0 where the column sums are the weights.
    var softness = 0.0

    /// Finds the potential of each column and its part of the plan.
    ///
    /// - Parameters:
    ///   - shifts: `f_i / ε + log a_i`; minus infinity for a row without weight.
    ///   - scale: 1 / ε.
    ///   - targets: The weights of the columns.
    ///   - base: The absorbed potentials of the columns, which a soft marginal depends on.
    ///   - potentials: Where the potentials go, `−ε log Σ_i a_i exp((f_i − C_ij) / ε)`; with what
    ///     was absorbed, that over 1 + ε / ρ where the marginal is soft.
    ///   - sums: What the row sums are added to.
    func evaluate(
        _ shifts: [Double], _ scale: Double, _ targets: ArraySlice<Double>,
        base: ArraySlice<Double>, _ potentials: UnsafeMutablePointer<Double>,
        _ sums: UnsafeMutablePointer<Double>
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * width) { memory in
            let (largest, totals) = (memory.baseAddress!, memory.baseAddress! + width)
            largest.initialize(repeating: -.infinity, count: width)
            totals.initialize(repeating: 0, count: width)
            findLargest(shifts, scale, largest)
            exponentiate(shifts, scale, largest, totals)
            for (column, (weight, base)) in zip(targets, base).enumerated() {
                let exact = -(largest[column] + log(totals[column])) / scale
                potentials[column] = exact
                totals[column] = weight / totals[column]
                guard softness > 0 else { continue }
                potentials[column] = (exact - softness * base) / (1 + softness)
                totals[column] *= exp((potentials[column] - exact) * scale)
            }
            for row in 0..<rows {
                let values = plan + row * width
                var sum = 0.0
                for column in 0..<width {
                    values[column] *= totals[column]
                    sum += values[column]
                }
                sums[row] += sum
            }
        }
    }

    /// The largest exponent of each column.
    private func findLargest(
        _ shifts: [Double], _ scale: Double, _ largest: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows {
            let (shift, costs) = (shifts[row], costs + row * width)
            for column in 0..<width {
                let exponent = shift - costs[column] * scale
                largest[column] = exponent > largest[column] ? exponent : largest[column]
            }
        }
    }

    /// The exponentials, relative to the largest of each column, and their sums.
    private func exponentiate(
        _ shifts: [Double], _ scale: Double, _ largest: UnsafePointer<Double>,
        _ totals: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows {
            let shift = shifts[row]
            let (costs, values) = (costs + row * width, plan + row * width)
            for column in 0..<width {
                let exponent = shift - costs[column] * scale - largest[column]
                // Beyond, the share is nothing beside the largest one, whose exponential is one.
                let value = exponent > -200 ? exp(exponent) : 0
                values[column] = value
                totals[column] += value
            }
        }
    }

    /// Adds `P diag(1/b) Pᵀ v` for these columns of P, with divisors b, to `sums`.
    static func multiply(
        _ plan: UnsafePointer<Double>, _ vector: [Double], _ divisors: ArraySlice<Double>,
        _ sums: UnsafeMutablePointer<Double>
    ) {
        let width = divisors.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { inner in
            inner.initialize(repeating: 0)
            for (row, factor) in vector.enumerated() {
                let values = plan + row * width
                for column in 0..<width { inner[column] += factor * values[column] }
            }
            for (column, divisor) in divisors.enumerated() {
                inner[column] = divisor > 0 ? inner[column] / divisor : 0
            }
            for row in 0..<vector.count {
                sums[row] += dotProduct(
                    plan + row * width, UnsafePointer(inner.baseAddress!), width)
            }
        }
    }

    /// Adds `P diag(1/b) Pᵀ` for these columns of P, with divisors b, to `result`, right of the
    /// diagonal in some rows.
    static func exchange(
        _ plan: UnsafePointer<Double>, _ chosen: Range<Int>, of rows: Int,
        _ divisors: ArraySlice<Double>, _ result: UnsafeMutablePointer<Double>
    ) {
        let width = divisors.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: chosen.count * width) { scaled in
            for (position, row) in chosen.enumerated() {
                for (column, divisor) in divisors.enumerated() {
                    scaled[position * width + column] =
                        divisor > 0 ? plan[row * width + column] / divisor : 0
                }
            }
            for other in chosen.lowerBound + 1..<max(rows, chosen.lowerBound + 1) {
                for (position, row) in chosen.enumerated() where row < other {
                    result[row * rows + other] += dotProduct(
                        UnsafePointer(scaled.baseAddress! + position * width),
                        plan + other * width, width)
                }
            }
        }
    }
}

/// The sum of products of two lists, by four sums at once: one alone would wait for each addition.
@inline(__always)
func dotProduct(
    _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, _ count: Int
) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= count {
        a += first[index] * second[index]
        b += first[index + 1] * second[index + 1]
        c += first[index + 2] * second[index + 2]
        d += first[index + 3] * second[index + 3]
        index += 4
    }
    while index < count {
        a += first[index] * second[index]
        index += 1
    }
    return (a + c) + (b + d)
}
