import Evaluation
import FileTestSupport
import Testing

@Suite(
    "Measures of sets agree with the reference libraries",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GoldenDistributionTests {
    @Test("in every case about features and modes", arguments: ["features.json", "modes.json"])
    func allCases(_ name: String) throws {
        let file = try GoldenFile.read(name)
        #expect(!file.cases.isEmpty)
        for test in file.cases { try test.expectAll(try results(test, file)) }
    }

    private func results(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        switch test.metric {
        case "fid": try frechet(test, file)
        case "feature_statistics": try statistics(test, file)
        case "fid_bias": try extrapolation(test, file)
        case "kid": try kernel(test, file)
        case "kid_subsets": try kernelBySubsets(test, file)
        case "prdc": try neighbours(test, file)
        case "modes": try modes(test, file)
        default: throw UnknownMetric(name: test.metric)
        }
    }

    private struct UnknownMetric: Error { let name: String }

    private func frechet(_ test: GoldenFile.Case, _ file: GoldenFile) throws -> [String: [Double]] {
        let distance = try FrechetDistance(
            file.features("x", of: test), file.features("y", of: test))
        #expect(
            abs(distance.meanTerm + distance.covarianceTerm - distance.value) < 1e-6, "\(test.id)")
        return [
            "fid": [distance.value], "mean_term": [distance.meanTerm],
            "trace_x": [distance.firstTrace], "trace_y": [distance.secondTrace],
        ]
    }

    private func statistics(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let statistics = try GaussianStatistics(file.features("x", of: test))
        return ["mean": statistics.mean, "covariance": try statistics.covariance()]
    }

    private func extrapolation(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let (x, y) = (try file.features("x", of: test), try file.features("y", of: test))
        let sizes = try #require(test.params["sizes"]?.numbers).map { Int($0) }
        let line = try FrechetExtrapolation(x, y, sizes: sizes)
        let kernels = try sizes.map { try KernelDistance(x.first($0), y.first($0)).value }
        return [
            "fid": line.distances.map(\.value), "kid": kernels, "fid_infinity": [line.limit],
            "slope": [line.slope],
        ]
    }

    private func kernel(_ test: GoldenFile.Case, _ file: GoldenFile) throws -> [String: [Double]] {
        var (x, y) = (try file.features("x", of: test), try file.features("y", of: test))
        if test.params["rows"] != nil {
            let rows = try test.count("rows")
            (x, y) = (try x.first(rows), try y.first(rows))
        }
        let kernel = try PolynomialKernel(
            degree: test.count("degree"), scale: test.params["gamma"]?.number,
            offset: test.number("coef0"))
        let distance = try KernelDistance(x, y, kernel: kernel)
        return ["unbiased": [distance.value], "biased": [distance.biased]]
    }

    private func kernelBySubsets(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let distance = try KernelDistanceBySubsets(
            file.features("x", of: test), rows: file.tensor("index_x", of: test).rows(),
            file.features("y", of: test), rows: file.tensor("index_y", of: test).rows())
        return [
            "values": distance.values, "mean": [distance.mean],
            "std": [distance.standardDeviation],
        ]
    }

    private func neighbours(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let scores = try NeighbourScores(
            real: file.features("real", of: test), generated: file.features("fake", of: test),
            neighbour: test.count("k"))
        return [
            "precision": [scores.precision], "recall": [scores.recall],
            "density": [scores.density], "coverage": [scores.coverage],
        ]
    }

    private func modes(_ test: GoldenFile.Case, _ file: GoldenFile) throws -> [String: [Double]] {
        let modes = try MixtureModes(
            centres: file.features("centers", of: test),
            standardDeviation: test.number("sigma"), weights: test.params["weights"]?.numbers)
        let coverage = try ModeCoverage(
            of: file.features("samples", of: test), in: modes,
            radius: test.number("n_sigma"), least: test.count("min_count"))
        return [
            "counts": coverage.counts.map { Double($0) },
            "high_quality_rate": [coverage.highQualityShare],
            "modes_recovered": [Double(coverage.modesRecovered)],
            "reverse_kl": [coverage.reverseKL], "forward_kl": [coverage.forwardKL],
            "js": [coverage.jensenShannon],
            "counts_all": coverage.countsOfAll.map { Double($0) },
            "reverse_kl_all": [coverage.reverseKLOfAll],
        ]
    }
}

extension FeatureMatrix {
    /// The first rows.
    func first(_ rows: Int) throws -> FeatureMatrix {
        let values = (0..<rows).flatMap { row in (0..<dimensions).map { self[row, $0] } }
        return try FeatureMatrix(values, dimensions: dimensions)
    }
}
