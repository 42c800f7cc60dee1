import Foundation

/// The state of a Sinkhorn iteration in the logarithmic domain.
struct SinkhornIteration {
    let cost: CostMatrix
    let sources: [Double]
    let targets: [Double]
    let epsilon: Double
    /// The regularisation of the moment, on its way down to `epsilon`.
    private var current: Double
    /// f and g.
    private var sourcePotentials: [Double]
    private var targetPotentials: [Double]
    /// Logarithms of the weights; minus infinity for none.
    private let logSources: [Double]
    private let logTargets: [Double]
    private var iterations = 0
    private var marginalError = Double.infinity

    init(
        _ cost: CostMatrix, sources: [Double], targets: [Double], epsilon: Double,
        settings: SinkhornSettings
    ) throws {
        guard epsilon > 0, epsilon.isFinite else { throw EntropicError.epsilon(epsilon) }
        let largest = cost.values.reduce(0) { max($0, abs($1)) }
        // Potentials are as large as costs, and their rounding errors, divided by ε, are relative
        // errors of the plan.
        let smallest = largest * 0x1p-50 / min(settings.tolerance, 1)
        guard epsilon >= smallest else {
            throw EntropicError.epsilonTooSmall(epsilon, smallest: smallest)
        }
        self.cost = cost
        self.sources = sources
        self.targets = targets
        self.epsilon = epsilon
        current = max(largest, epsilon)
        sourcePotentials = Array(repeating: 0, count: sources.count)
        targetPotentials = Array(repeating: 0, count: targets.count)
        logSources = sources.map { log($0) }
        logTargets = targets.map { log($0) }
    }

    /// Iterates while ε shrinks, and then until the marginals are right.
    ///
    /// - Parameter step: One iteration; returns the marginal error before it.
    mutating func run(
        _ settings: SinkhornSettings, step: (inout SinkhornIteration) -> Double
    ) throws {
        while current > epsilon {
            for _ in 0..<10 { _ = step(&self) }
            current = max(current / 2, epsilon)
        }
        _ = step(&self)
        while iterations < settings.maximumIterations {
            let before = (sourcePotentials, targetPotentials)
            iterations += 1
            marginalError = step(&self)
            if marginalError <= settings.tolerance {
                (sourcePotentials, targetPotentials) = before
                return
            }
        }
        throw EntropicError.notConverged(marginalError: marginalError, iterations: iterations)
    }

    /// Sinkhorn's step: f from g, then g from f.
    mutating func alternate() -> Double {
        let next = rowPotentials()
        defer {
            sourcePotentials = next
            targetPotentials = columnPotentials()
        }
        return deviation(from: next)
    }

    /// The symmetric step: half way from f to what it leads to.
    mutating func average() -> Double {
        let next = rowPotentials()
        let error = deviation(from: next)
        sourcePotentials = zip(sourcePotentials, next).map { ($0 + $1) / 2 }
        targetPotentials = sourcePotentials
        return error
    }

    /// How far the row sums are from the weights; `exact` are the potentials that would make them
    /// right.
    private func deviation(from exact: [Double]) -> Double {
        sources.indices.reduce(0) { sum, row in
            guard sources[row] > 0 else { return sum }
            let excess = expm1((sourcePotentials[row] - exact[row]) / current)
            return sum + sources[row] * abs(excess)
        }
    }
}

extension SinkhornIteration {
    /// `f_i = −ε log Σ_j b_j exp((g_j − C_ij) / ε)`.
    private func rowPotentials() -> [Double] {
        let columns = targets.count
        let scale = 1 / current
        let shift = (0..<columns).map { logTargets[$0] + targetPotentials[$0] * scale }
        var exponents = [Double](repeating: 0, count: columns)
        return cost.values.withUnsafeBufferPointer { costs in
            sources.indices.map { row in
                let start = row * columns
                var largest = -Double.infinity
                for column in 0..<columns {
                    exponents[column] = shift[column] - costs[start + column] * scale
                    largest = max(largest, exponents[column])
                }
                let sum = exponents.reduce(0) { $0 + exp($1 - largest) }
                return -current * (largest + log(sum))
            }
        }
    }

    /// `g_j = −ε log Σ_i a_i exp((f_i − C_ij) / ε)`, row by row, as the matrix lies in memory.
    private func columnPotentials() -> [Double] {
        let columns = targets.count
        let scale = 1 / current
        let shift = sources.indices.map { logSources[$0] + sourcePotentials[$0] * scale }
        var largest = [Double](repeating: -.infinity, count: columns)
        var sums = [Double](repeating: 0, count: columns)
        cost.values.withUnsafeBufferPointer { costs in
            for row in sources.indices {
                for column in 0..<columns {
                    let exponent = shift[row] - costs[row * columns + column] * scale
                    largest[column] = max(largest[column], exponent)
                }
            }
            for row in sources.indices where sources[row] > 0 {
                for column in 0..<columns {
                    let exponent = shift[row] - costs[row * columns + column] * scale
                    sums[column] += exp(exponent - largest[column])
                }
            }
        }
        return (0..<columns).map { -current * (largest[$0] + log(sums[$0])) }
    }

    /// The values of the plan that the potentials describe.
    func solution() -> EntropicTransport {
        var transportCost = 0.0
        for row in sources.indices where sources[row] > 0 {
            for column in targets.indices where targets[column] > 0 {
                let exponent =
                    (sourcePotentials[row] + targetPotentials[column] - cost[row, column]) / epsilon
                transportCost += sources[row] * targets[column] * exp(exponent) * cost[row, column]
            }
        }
        let dual =
            zip(sources, sourcePotentials).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(targets, targetPotentials).reduce(0) { $0 + $1.0 * $1.1 }
        return EntropicTransport(
            value: dual, transportCost: transportCost, sourcePotentials: sourcePotentials,
            targetPotentials: targetPotentials, marginalError: marginalError,
            iterations: iterations)
    }
}
