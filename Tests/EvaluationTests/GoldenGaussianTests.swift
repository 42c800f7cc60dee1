import FileTestSupport
import Testing

@testable import Evaluation

@Suite(
    "Distances of Gaussians agree with the reference libraries",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GoldenGaussianTests {
    @Test("in any number of dimensions, with the optimal map")
    func matrices() throws {
        let golden = try GoldenFile.read("gaussian_w2.json")
        for test in golden.cases {
            let numbers = { (role: String) in try golden.tensor(role, of: test).data }
            let first = try Gaussian(mean: numbers("mean1"), covariance: numbers("cov1"))
            let second = try Gaussian(mean: numbers("mean2"), covariance: numbers("cov2"))
            let found = try BuresWasserstein(first, second)
            var got = [
                "w2": [found.distance], "w2_squared": [found.squaredDistance],
                "bures_squared": [found.buresSquared],
            ]
            if test.expected["map"] != nil { got["map"] = found.transportMap ?? [] }
            if test.expected["sqrt_cov1"] != nil { got["sqrt_cov1"] = first.root }
            try test.expectAll(got)
        }
        #expect(golden.cases.count >= 6)
    }

    @Test("on the line")
    func line() throws {
        let golden = try GoldenFile.read("divergences.json")
        let cases = golden.cases.filter { $0.metric == "gaussian_divergences_1d" }
        for test in cases {
            let (s, t) = (try test.number("std_p"), try test.number("std_q"))
            let found = try BuresWasserstein(
                Gaussian(mean: [test.number("mean_p")], covariance: [s * s]),
                Gaussian(mean: [test.number("mean_q")], covariance: [t * t]))
            try test.expect(["w2": [found.distance]])
        }
        #expect(cases.count >= 3)
    }
}
