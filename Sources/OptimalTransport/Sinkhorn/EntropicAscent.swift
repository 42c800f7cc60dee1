import Foundation

/// The way to the potentials of an entropic problem: Newton's method while ε shrinks.
///
/// ε begins at the largest difference of costs and is halved until it is what was asked for. The
/// potentials at each ε are extrapolated from the last two, which for small ε is nearly exact, and
/// refined by steps of Newton's method on the dual value, a concave function of f alone, since g
/// follows from f. Sinkhorn's alternating steps are those of Newton without the exchange of mass
/// between rows; where that is slow they need thousands.
///
/// With a penalty ρ on the divergence of the plan's sums from the weights instead of bound sums,
/// the dual value is `ρ Σ a (1 − exp(−f/ρ)) + ρ Σ b (1 − exp(−g/ρ)) − ε Σ P`, and a row wants
/// `a exp(−f/ρ)`. Nothing else changes.
///
/// Sources: Schmitzer 2019, "Stabilized sparse scaling algorithms", arXiv:1610.06519, for the
/// logarithmic domain, the absorption and the ε-scaling; ``NewtonDirection`` for the step.
struct EntropicAscent {
    private let cost: CostMatrix
    private var kernel: EntropicKernel
    private let settings: SinkhornSettings
    /// What the costs have lost so far: the potentials of the last ε.
    private var sourceBase: [Double]
    /// f beyond that.
    private var potentials: [Double]
    private var epsilon: Double
    /// The largest difference of two costs.
    private let largestDifference: Double
    private var iterations = 0
    private var marginalError = Double.infinity
    /// The row sums that the potentials call for.
    private var wanted: [Double]
    /// ρ; infinite where sums are bound.
    private var penalty: Double { kernel.penalty }
    /// What the marginal error is a share of.
    private let mass: Double

    /// - Parameters:
    ///   - sources: The weights of the rows, of any total.
    ///   - targets: The weights of the columns; without a penalty, of the same total.
    ///   - penalty: ρ.
    init(
        _ cost: CostMatrix, sources: [Double], targets: [Double], penalty: Double = .infinity,
        settings: SinkhornSettings
    ) {
        let least = cost.values.reduce(.infinity) { min($0, $1) }
        largestDifference = cost.values.reduce(0) { max($0, $1 - least) }
        epsilon = largestDifference
        kernel = EntropicKernel(
            cost, sources: sources, targets: targets, penalty: penalty, offset: least)
        wanted = sources
        // Bound sums are of one up to rounding.
        let totals = (sources.reduce(0, +), targets.reduce(0, +))
        mass = penalty.isFinite ? (totals.0 * totals.1).squareRoot() : 1
        self.settings = settings
        self.cost = cost
        sourceBase = [Double](repeating: 0, count: sources.count)
        potentials = sourceBase
        guard penalty.isFinite else { return }
        // The common shift that makes the wanted sums of both sides agree.
        let shift = penalty / 2 * log(totals.0 / totals.1)
        potentials = potentials.map { $0 + shift }
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
            if penalty.isFinite {
                reachIsolatedRows()
                if marginalError <= tolerance { return }
            }
            let error = marginalError
            let direction = NewtonDirection(
                kernel, wanted: wanted, softness: epsilon / penalty,
                precision: max(min(0.1, error) * error, 0.1 * tolerance) * mass,
                ground: 0.01 * settings.tolerance)
            iterations += direction.passes
            try climb(
                along: penalty.isFinite ? withoutEmptyRows(direction.values) : direction.values,
                zip(wanted, kernel.rowSums).map { $0 - $1 })
        }
    }

    /// A direction in which rows whose mass is gone move as the others do on average: they could go
    /// anywhere, and would shorten the step for all.
    private func withoutEmptyRows(_ direction: [Double]) -> [Double] {
        let isEmpty = zip(wanted, kernel.rowSums).map { max($0, $1) <= 1e-15 * mass }
        let others = zip(direction, isEmpty).filter { !$0.1 }.map(\.0)
        let mean = others.reduce(0, +) / Double(max(1, others.count))
        return zip(direction, isEmpty).map { $1 ? mean : $0 }
    }

    /// Sinkhorn's step for the rows that hardly any mass reaches: their potentials may be far away,
    /// and Newton's steps of a few ε would take long.
    private mutating func reachIsolatedRows() {
        let targets = targetPotentials
        let isolated = wanted.indices.filter {
            kernel.rowSums[$0] < 1e-2 * wanted[$0] && wanted[$0] > 1e-15 * mass
        }
        guard !isolated.isEmpty else { return }
        for row in isolated {
            potentials[row] = potential(of: row, targets) - sourceBase[row]
        }
        evaluate()
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
        if penalty.isFinite {
            wanted = kernel.sources.indices.map {
                kernel.sources[$0] * exp(-(sourceBase[$0] + potentials[$0]) / penalty)
            }
        }
        marginalError =
            zip(wanted, kernel.rowSums).reduce(0) { $0 + abs($1.0 - $1.1) } / mass
    }

    /// The dual value, of what is not absorbed where sums are bound.
    private var dualValue: Double {
        if penalty.isFinite {
            let sources = zip(sourceBase, potentials).map { $0 + $1 }
            return softValue(sources, targetPotentials) - epsilon * kernel.rowSums.reduce(0, +)
        }
        return zip(kernel.sources, potentials).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(kernel.targets, kernel.targetPotentials).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// `ρ Σ a (1 − exp(−f/ρ)) + ρ Σ b (1 − exp(−g/ρ))`.
    private func softValue(_ sources: [Double], _ targets: [Double]) -> Double {
        let value = { (weight: Double, potential: Double) in
            weight > 0 ? -weight * penalty * expm1(-potential / penalty) : 0
        }
        return zip(kernel.sources, sources).reduce(0) { $0 + value($1.0, $1.1) }
            + zip(kernel.targets, targets).reduce(0) { $0 + value($1.0, $1.1) }
    }

    private var targetPotentials: [Double] {
        zip(kernel.targetBase, kernel.targetPotentials).map { $0 + $1 }
    }

    /// The plan's values and potentials, once they are found.
    func solution() -> EntropicTransport {
        let (sources, targets) = (sourcePotentials, targetPotentials)
        let value =
            zip(kernel.sources, sources).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(kernel.targets, targets).reduce(0) { $0 + $1.0 * $1.1 }
        return EntropicTransport(
            value: value, transportCost: kernel.transportCost(cost), sourcePotentials: sources,
            targetPotentials: targets, marginalError: marginalError, iterations: iterations)
    }

    /// The same of a plan whose sums are not bound.
    func softSolution() -> UnbalancedTransport {
        let (sources, targets) = (sourcePotentials, targetPotentials)
        let moved = kernel.rowSums.reduce(0, +)
        let reference = kernel.sources.reduce(0, +) * kernel.targets.reduce(0, +)
        return UnbalancedTransport(
            value: softValue(sources, targets) - epsilon * (moved - reference),
            transportCost: kernel.transportCost(cost), mass: moved, sourcePotentials: sources,
            targetPotentials: targets, marginalError: marginalError, iterations: iterations)
    }

    private var sourcePotentials: [Double] {
        let targets = targetPotentials
        return kernel.sources.indices.map { row in
            kernel.sources[row] > 0 && kernel.rowSums[row] > 0
                ? sourceBase[row] + potentials[row] : potential(of: row, targets)
        }
    }

    /// `−ε log Σ_j b_j exp((g_j − C_ij) / ε)`, what a row without weight would pay.
    private func potential(of row: Int, _ targets: [Double]) -> Double {
        let exponents = targets.indices.map { column in
            log(kernel.targets[column]) + (targets[column] - cost[row, column]) / epsilon
        }
        let largest = exponents.max() ?? 0
        let exact = -epsilon * (largest + log(exponents.reduce(0) { $0 + exp($1 - largest) }))
        return exact / (1 + epsilon / penalty)
    }
}
