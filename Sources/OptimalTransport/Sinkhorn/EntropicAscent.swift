import Foundation

/// The way to the potentials of an entropic problem: Newton's method while ε shrinks.
///
/// ε begins at the largest difference of costs and is halved until it is what was asked for. The
/// potentials at each ε are extrapolated from the last two, which for small ε is nearly exact, and
/// refined by steps of Newton's method on the dual value, a concave function of f alone, since g
/// follows from f. Sinkhorn's alternating steps are those of Newton without the exchange of mass
/// between rows; where that is slow they need thousands.
///
/// Sources: Schmitzer 2019, "Stabilized sparse scaling algorithms", arXiv:1610.06519, for the
/// logarithmic domain, the absorption and the ε-scaling; ``NewtonDirection`` for the step.
struct EntropicAscent {
    private var kernel: EntropicKernel
    private let settings: SinkhornSettings
    /// What the costs have lost so far: the potentials of the last ε.
    private var sourceBase: [Double]
    private var targetBase: [Double]
    /// f beyond that.
    private var potentials: [Double]
    private var epsilon: Double
    /// The largest difference of two costs.
    private let largestDifference: Double
    private var iterations = 0
    private var marginalError = Double.infinity

    init(
        _ cost: CostMatrix, sources: [Double], targets: [Double], settings: SinkhornSettings
    ) {
        let least = cost.values.reduce(.infinity) { min($0, $1) }
        largestDifference = cost.values.reduce(0) { max($0, $1 - least) }
        epsilon = largestDifference
        kernel = EntropicKernel(cost, sources: sources, targets: targets, offset: least)
        self.settings = settings
        sourceBase = [Double](repeating: 0, count: sources.count)
        targetBase = [Double](repeating: least, count: targets.count)
        potentials = sourceBase
    }

    /// Follows the potentials down to an ε.
    ///
    /// - Throws: ``EntropicError/notConverged(marginalError:iterations:)``.
    mutating func descend(to final: Double) throws {
        epsilon = max(epsilon, final)
        var before: (epsilon: Double, potentials: [Double])?
        while true {
            try converge(to: epsilon > final ? passingTolerance : settings.tolerance)
            let here = zip(sourceBase, potentials).map { $0 + $1 }
            guard epsilon > final else { return }
            targetBase = zip(targetBase, kernel.targetPotentials).map { $0 + $1 }
            kernel.absorb(potentials)
            let next = max(epsilon / 2, final)
            potentials = here.indices.map { row in
                guard let before else { return 0 }
                let slope = (here[row] - before.potentials[row]) / (epsilon - before.epsilon)
                return slope * (next - epsilon)
            }
            before = (epsilon, here)
            sourceBase = here
            epsilon = next
        }
    }

    /// The tolerance while ε shrinks: loose, as only the next start depends on it, where the plan
    /// is spread. Where it is nearly one of few moves, mass that is left out now is far from its
    /// place at the next ε.
    private var passingTolerance: Double {
        let isSpread = epsilon > 1e-3 * largestDifference
        let loose = min(1e-3, 0.3 / Double(max(kernel.rows, kernel.columns)))
        return max(settings.tolerance, isSpread ? loose : 1e-8)
    }

    /// Solves the problem of a measure with itself: a symmetric cost, and the same weights twice.
    ///
    /// Both potentials are the same, and half way between old and new ones errors at least halve
    /// where alternating takes thousands of steps: about 25 iterations, at any ε.
    ///
    /// - Throws: ``EntropicError/notConverged(marginalError:iterations:)``.
    ///
    /// Source: Feydy et al. 2019, section 3.1, arXiv:1810.08278.
    mutating func settle(at final: Double) throws {
        epsilon = final
        // Proved for costs whose exponential is a kernel, observed for all; else there is another
        // way.
        for _ in 0..<min(100, settings.maximumIterations) {
            evaluate()
            if marginalError <= settings.tolerance { return }
            potentials = zip(potentials, kernel.targetPotentials).map { ($0 + $1) / 2 }
        }
        potentials = potentials.map { _ in 0 }
        epsilon = largestDifference
        try descend(to: final)
    }

    /// Newton's steps at one ε.
    private mutating func converge(to tolerance: Double) throws {
        guard iterations < settings.maximumIterations else {
            throw EntropicError.notConverged(marginalError: marginalError, iterations: iterations)
        }
        evaluate()
        // The extrapolation was worse than none.
        if marginalError > 0.5 {
            potentials = potentials.map { _ in 0 }
            evaluate()
        }
        while marginalError > tolerance {
            let error = marginalError
            let gradient = zip(kernel.sources, kernel.rowSums).map { $0 - $1 }
            let direction = NewtonDirection(
                kernel, gradient: gradient,
                precision: max(min(0.1, error) * error, 0.1 * tolerance),
                ground: 0.01 * settings.tolerance)
            iterations += direction.passes
            try climb(along: direction.values, gradient)
        }
    }

    /// A step along a direction, halved until it helps.
    private mutating func climb(along direction: [Double], _ gradient: [Double]) throws {
        let (start, value, error) = (potentials, dualValue, marginalError)
        let mean = direction.reduce(0, +) / Double(direction.count)
        let largest = direction.reduce(0) { max($0, abs($1 - mean)) }
        let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 } * epsilon
        // Beyond a few ε a plan has nothing in common with the one that the direction is of.
        var step = largest > 5 ? 5 / largest : 1
        for _ in 0..<20 {
            guard iterations < settings.maximumIterations else { break }
            potentials = zip(start, direction).map { $0 + step * epsilon * $1 }
            evaluate()
            if marginalError < 0.9 * error || dualValue >= value + 1e-4 * step * slope { return }
            step /= 2
        }
        throw EntropicError.notConverged(marginalError: error, iterations: iterations)
    }

    private mutating func evaluate() {
        kernel.evaluate(potentials, epsilon: epsilon)
        iterations += 1
        marginalError = zip(kernel.sources, kernel.rowSums).reduce(0) { $0 + abs($1.0 - $1.1) }
    }

    /// The dual value of what is not absorbed.
    private var dualValue: Double {
        zip(kernel.sources, potentials).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(kernel.targets, kernel.targetPotentials).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The plan's values and potentials, once they are found.
    func solution(of cost: CostMatrix) -> EntropicTransport {
        let targets = zip(targetBase, kernel.targetPotentials).map { $0 + $1 }
        let sources = kernel.sources.indices.map { row in
            kernel.sources[row] > 0
                ? sourceBase[row] + potentials[row] : potential(of: row, in: cost, targets)
        }
        let value =
            zip(kernel.sources, sources).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(kernel.targets, targets).reduce(0) { $0 + $1.0 * $1.1 }
        return EntropicTransport(
            value: value, transportCost: kernel.transportCost(cost), sourcePotentials: sources,
            targetPotentials: targets, marginalError: marginalError, iterations: iterations)
    }

    /// `−ε log Σ_j b_j exp((g_j − C_ij) / ε)`, what a row without weight would pay.
    private func potential(of row: Int, in cost: CostMatrix, _ targets: [Double]) -> Double {
        let exponents = targets.indices.map { column in
            log(kernel.targets[column]) + (targets[column] - cost[row, column]) / epsilon
        }
        let largest = exponents.max() ?? 0
        return -epsilon * (largest + log(exponents.reduce(0) { $0 + exp($1 - largest) }))
    }
}
