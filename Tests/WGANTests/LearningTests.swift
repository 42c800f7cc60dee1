import Testing
import WGAN

/// Trainings long enough to show that the algorithm works. PyTorch with the original's settings is
/// at 0.42 on average after 1000 steps (48 seeds, 0.97 the largest) and at 0.21 after 3000 (0.42
/// the largest); two real samples are about 0.12 apart. The bounds are four standard errors above.
@Suite("Learning the two-mode mixture")
struct LearningTests {
    private static let constraints: [any LipschitzConstraint] = [
        WeightClipping(bound: 0.01), SpectralProjection(method: .freshVector(iterations: 1)),
    ]

    @Test("comes within 0.3 of the data in 3000 steps, on average over seeds", arguments: 0..<2)
    func longRun(constraint: Int) throws {
        let mean = try mean(over: 1...5, Self.constraints[constraint], steps: 3000)
        #expect(mean <= 0.3)
    }

    /// Single spectral trainings are anywhere between 0.2 and 0.9 by then, so that the mean of few
    /// would say little.
    @Test("comes within 0.58 in 1000 steps, on average over seeds", arguments: 0..<2)
    func shortRun(constraint: Int) throws {
        let mean = try mean(over: 1...20, Self.constraints[constraint], steps: 1000)
        #expect(mean <= 0.58)
    }

    private func mean(
        over seeds: ClosedRange<UInt64>, _ constraint: any LipschitzConstraint, steps: Int
    ) throws -> Double {
        let distances = try seeds.map { seed in
            try SmallTraining(constraint: constraint, seed: seed).distance(after: steps)
        }
        return distances.reduce(0, +) / Double(distances.count)
    }
}
