import FileTestSupport
import Foundation
import OptimalTransport
import Testing

@Suite(
    "Closed forms, divergences and duality agree with the reference libraries",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GoldenClosedFormTests {
    @Test("of histograms")
    func histograms() throws {
        let golden = try GoldenFile.read("divergences.json")
        let cases = golden.cases.filter { $0.metric == "histogram_divergences" }
        for test in cases {
            let found = try Divergences(
                histograms: golden.tensor("p", of: test).data, golden.tensor("q", of: test).data)
            try test.expectAll([
                "tv": [found.totalVariation], "kl_pq": [found.kullbackLeibler],
                "kl_qp": [found.reverseKullbackLeibler], "js": [found.jensenShannon],
                "js_paper": [2 * found.jensenShannon], "hellinger": [found.hellinger],
            ])
        }
        #expect(cases.count >= 10)
    }

    @Test("of densities, here Gaussian ones")
    func densities() throws {
        let golden = try GoldenFile.read("divergences.json")
        let cases = golden.cases.filter { $0.metric == "gaussian_divergences_1d" }
        for test in cases {
            let (m, s) = (try test.number("mean_p"), try test.number("std_p"))
            let (n, t) = (try test.number("mean_q"), try test.number("std_q"))
            let density = { (x: Double, mean: Double, deviation: Double) in
                exp(-0.5 * pow((x - mean) / deviation, 2)) / deviation / (2 * .pi).squareRoot()
            }
            let reach = 9 * max(s, t)
            let found = try Divergences(
                densities: { density($0, m, s) }, { density($0, n, t) },
                over: min(m, n) - reach...max(m, n) + reach, steps: 100_000)
            try test.expectAll(
                [
                    "tv": [found.totalVariation], "kl_pq": [found.kullbackLeibler],
                    "kl_qp": [found.reverseKullbackLeibler], "js": [found.jensenShannon],
                ], but: ["w1_lower_bound", "w2"])
        }
        #expect(cases.count >= 3)
    }

    @Test("of the parallel lines")
    func parallelLines() throws {
        let golden = try GoldenFile.read("divergences.json")
        let cases = golden.cases.filter { $0.metric == "parallel_lines" }
        for test in cases {
            let lines = try ParallelLines(offset: test.number("theta"))
            try test.expectAll([
                "w1": [lines.wasserstein], "w2": [lines.wasserstein], "js": [lines.jensenShannon],
                "js_paper_formula": [2 * lines.jensenShannon],
                "kl_0_theta": [lines.kullbackLeibler], "kl_theta_0": [lines.kullbackLeibler],
                "tv": [lines.totalVariation],
            ])
        }
        #expect(cases.count >= 8)
    }

    @Test("of critics' scores")
    func scores() throws {
        let golden = try GoldenFile.read("kr_lipschitz.json")
        let cases = golden.cases.filter { $0.metric == "kantorovich_rubinstein" }
        for test in cases {
            let real = try #require(test.expected["f_real"]?.numbers)
            let generated = try #require(test.expected["f_fake"]?.numbers)
            let found = try KantorovichRubinstein(
                real: golden.measure(test, "real"), generated: golden.measure(test, "fake"),
                realScores: real, generatedScores: generated)
            try test.expect([
                "dual": [found.dual], "w1_exact": [found.exact],
                "ratio": [try #require(found.ratio)], "max_pairwise_slope": [found.largestSlope],
                "normalised_ratio": [try #require(found.normalisedRatio)],
            ])
        }
        #expect(cases.count >= 2)
    }

    @Test("of the c-transform of an optimal potential")
    func transform() throws {
        let golden = try GoldenFile.read("kr_lipschitz.json")
        let cases = golden.cases.filter { $0.metric == "kantorovich_rubinstein_c_transform" }
        for test in cases {
            let real = try golden.measure(test, "real")
            let generated = try golden.measure(test, "fake")
            let potentials = try golden.tensor("offsets", of: test).data.map { -$0 }
            let found = try KantorovichRubinstein(
                real: real, generated: generated,
                realScores: CostMatrix.distances(real, generated).cTransform(potentials),
                generatedScores: CostMatrix.distances(generated, generated).cTransform(potentials))
            try test.expectAll([
                "dual": [found.dual], "w1_exact": [found.exact],
                "ratio": [try #require(found.ratio)], "max_pairwise_slope": [found.largestSlope],
            ])
        }
        #expect(cases.count == 1)
    }
}
