import Foundation
import OptimalTransport
import PythonTestSupport
import Testing

/// Every kind of transport beside the Python packages that have it, on random problems.
@Suite(
    "Optimal transport agrees with POT 0.9.7 and geomloss 0.3.1",
    .enabled(
        if: Python.hasTransport, "Python has no POT and geomloss: scripts/setup-comparisons"))
struct TransportPackageTests {
    @Test("in each problem", arguments: TransportCase.all)
    func each(_ test: TransportCase) throws {
        let all = try TransportCase.expected.get()
        try #require(all.count == TransportCase.all.count)
        let index = try #require(
            TransportCase.all.firstIndex { $0.kind == test.kind && $0.id == test.id })
        let found = try test.values()
        try #require(found.count == all[index].count)
        for (found, expected) in zip(found, all[index]) {
            let error = abs(found - expected)
            #expect(error <= test.tolerance * max(1, abs(expected)), "\(test): \(error)")
        }
    }

    @Test("in several hundred comparisons")
    func enough() throws {
        let all = try TransportCase.expected.get()
        #expect(all.reduce(0) { $0 + $1.count } >= 400)
    }
}

extension TransportCase {
    /// What our functions say, in the order of the packages' values.
    fileprivate func values() throws -> [Double] {
        let (first, second) = try measures()
        switch kind {
        case .exact, .matrix: return [try exact(first, second)]
        case .line: return [pow(try wasserstein(first, second, p: p), p)]
        case .sliced:
            let found = try SlicedWasserstein(first, second, p: p, directions: directions)
            return [found.distance, found.largest]
        case .sinkhorn, .balanced:
            let found = try EntropicTransport.solve(
                costs(), sources: a, targets: normalised(to: a), epsilon: epsilon,
                settings: tight)
            return kind == .sinkhorn ? [found.transportCost, found.value] : [found.value]
        case .sinkhornLoss:
            let found = try SinkhornDivergence(
                first, second, p: p, epsilon: p * pow(epsilon, p), settings: tight)
            return [found.value / p]
        case .reach:
            let found = try UnbalancedDivergence(
                first, second, masses: (a, b), p: p, epsilon: p * pow(epsilon, p),
                marginalPenalty: p * pow(penalty, p), settings: tight)
            return [found.value / p]
        case .unbalanced, .translated, .soft:
            let found = try UnbalancedTransport.solve(
                costs(), sources: a, targets: b, epsilon: epsilon, marginalPenalty: penalty,
                settings: tight)
            return kind == .soft
                ? [found.value] : [found.value, found.transportCost, found.mass]
        case .partial:
            let found = try PartialTransport.solve(costs(), sources: a, targets: b, mass: mass)
            return [found.cost, found.mass]
        }
    }

    /// The exact cost; the distance is its p-th root.
    private func exact(_ first: DiscreteMeasure, _ second: DiscreteMeasure) throws -> Double {
        let matrix = try costs()
        let plan = try TransportPlan.solve(
            matrix, sources: first.weights, targets: second.weights)
        if kind == .exact {
            let distance = try wasserstein(first, second, p: p, norm: ground)
            #expect(abs(pow(distance, p) - plan.cost) <= 1e-12 * max(1, plan.cost))
        }
        expectOptimal(plan, matrix, first.weights, second.weights)
        return plan.cost
    }

    private func normalised(to other: [Double]) -> [Double] {
        let factor = other.reduce(0, +) / b.reduce(0, +)
        return b.map { $0 * factor }
    }

    private var tight: SinkhornSettings {
        get throws { try SinkhornSettings(tolerance: 1e-12) }
    }

    /// geomloss takes a fixed number of steps: its values are good to a few parts in 10⁵.
    fileprivate var tolerance: Double {
        switch kind {
        case .sinkhornLoss, .reach, .balanced, .soft: 1e-4
        case .sinkhorn, .unbalanced, .translated: 1e-9
        case .exact, .matrix, .line, .sliced, .partial: 1e-12
        }
    }
}
