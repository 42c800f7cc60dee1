import Foundation
import OptimalTransport
import Testing

@Suite("Divergences")
struct DivergenceTests {
    @Test("keep their ranges and order on random histograms")
    func ranges() throws {
        var clouds = Clouds(seed: 61)
        for _ in 0..<40 {
            let p = clouds.normal(9).map { max(0, $0) } + [1]
            let q = clouds.weights(10)
            let there = try Divergences(histograms: p, q)
            let back = try Divergences(histograms: q, p)
            #expect(0...1 ~= there.totalVariation && 0...1 ~= there.hellinger)
            #expect(0...log(2) ~= there.jensenShannon)
            #expect(there.kullbackLeibler == back.reverseKullbackLeibler)
            #expect(abs(there.jensenShannon - back.jensenShannon) < 1e-15)
            // Pinsker's inequality, and Le Cam's.
            #expect(2 * there.totalVariation * there.totalVariation <= there.kullbackLeibler)
            #expect(there.hellinger * there.hellinger <= there.totalVariation)
            let same = try Divergences(histograms: q, q.map { 8 * $0 })
            #expect(same.totalVariation == 0 && same.kullbackLeibler == 0)
        }
    }

    @Test("of counts of any size are those of the shares")
    func sizes() throws {
        let expected = try Divergences(histograms: [1, 3], [2, 2])
        for factor in [.leastNonzeroMagnitude, 1e-300, 1e307] {
            let found = try Divergences(histograms: [factor, 3 * factor], [2, 2])
            #expect(abs(found.totalVariation - expected.totalVariation) < 1e-3)
            #expect(abs(found.kullbackLeibler - expected.kullbackLeibler) < 1e-3)
        }
    }

    @Test("of uniform densities are those of the overlap")
    func densities() throws {
        // [0, 1] and [0.5, 1.5], on a grid that has the jumps between its points.
        let density = { (start: Double) in { (x: Double) in start < x && x < start + 1 ? 1.0 : 0 } }
        let found = try Divergences(
            densities: density(0), density(0.5), over: -0.25005...1.74995, steps: 20_000)
        #expect(abs(found.totalVariation - 0.5) < 1e-3)
        #expect(abs(found.jensenShannon - 0.5 * log(2)) < 1e-3)
        #expect(found.kullbackLeibler == .infinity)
    }

    @Test("of the parallel lines say nothing of the distance, which samples have exactly")
    func parallelLines() throws {
        var clouds = Clouds(seed: 62)
        let heights = clouds.weights(50)
        for offset in [-1.5, 0.001, 0] {
            let lines = try ParallelLines(offset: offset)
            let here = try DiscreteMeasure(heights.flatMap { [0, $0] }, dimensions: 2)
            let there = try DiscreteMeasure(heights.flatMap { [offset, $0] }, dimensions: 2)
            #expect(abs(try wasserstein(here, there) - lines.wasserstein) < 1e-12)
            #expect(lines.totalVariation == (offset == 0 ? 0 : 1))
        }
        #expect(throws: DivergenceError.self) { try ParallelLines(offset: .nan) }
    }

    @Test("need histograms of the same bins, and densities that are finite")
    func errors() {
        #expect(throws: DivergenceError.binCounts(first: 1, second: 2)) {
            try Divergences(histograms: [1], [1, 2])
        }
        #expect(throws: DivergenceError.binCounts(first: 0, second: 0)) {
            try Divergences(histograms: [], [])
        }
        for bad in [-1, Double.nan, .infinity] {
            #expect(throws: DivergenceError.binOutOfRange(.second, bin: 1)) {
                try Divergences(histograms: [1, 2], [1, bad])
            }
            #expect(throws: DivergenceError.densityOutOfRange(.first, at: 0)) {
                try Divergences(densities: { _ in bad }, { _ in 1 }, over: 0...1)
            }
        }
        #expect(throws: DivergenceError.noMass(.first)) {
            try Divergences(histograms: [0, 0], [1, 1])
        }
        #expect(throws: DivergenceError.interval(lower: 1, upper: 1)) {
            try Divergences(densities: { $0 }, { $0 }, over: 1...1)
        }
        #expect(throws: DivergenceError.steps(0)) {
            try Divergences(densities: { $0 }, { $0 }, over: 0...1, steps: 0)
        }
    }
}
