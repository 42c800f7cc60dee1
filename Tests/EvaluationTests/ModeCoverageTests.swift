import Evaluation
import Foundation
import Testing

@Suite("Mode coverage")
struct ModeCoverageTests {
    private func corners(_ weights: [Double]? = nil) throws -> MixtureModes {
        try MixtureModes(
            centres: FeatureMatrix([0.0, 0, 10, 0], dimensions: 2), standardDeviations: [1, 0.1],
            weights: weights)
    }

    @Test("counts a sample in the nearest mode, by that mode's own standard deviation")
    func ownDeviation() throws {
        let samples = try FeatureMatrix([2.9, 0, 7.1, 0, 10.2, 0, 5, 0], dimensions: 2)
        let coverage = try ModeCoverage(of: samples, in: corners())
        #expect(coverage.counts == [1, 1])
        // The sample halfway belongs to the first.
        #expect(coverage.countsOfAll == [2, 2])
        #expect(coverage.highQualityShare == 0.5 && coverage.modesRecovered == 2)
        #expect(coverage.reverseKL == 0 && coverage.forwardKL == 0)
    }

    @Test("leaves a sample at exactly the radius outside")
    func border() throws {
        let samples = try FeatureMatrix([3.0, 0, 0, 2.5], dimensions: 2)
        #expect(try ModeCoverage(of: samples, in: corners()).counts == [1, 0])
    }

    @Test("of one of two modes has a reverse divergence of ln 2")
    func halfMissing() throws {
        let samples = try FeatureMatrix([0.0, 0, 0.5, 0], dimensions: 2)
        let coverage = try ModeCoverage(of: samples, in: corners(), least: 2)
        #expect(abs(coverage.reverseKL - log(2.0)) < 1e-12)
        #expect(coverage.forwardKL == .infinity && coverage.modesRecovered == 1)
        #expect(try ModeCoverage(of: samples, in: corners(), least: 3).modesRecovered == 0)
    }

    @Test("does not depend on the sum of the weights, however large or small")
    func weights() throws {
        let samples = try FeatureMatrix([0.0, 0, 10, 0], dimensions: 2)
        for weight in [1e-300, 1, 1e308] {
            let coverage = try ModeCoverage(of: samples, in: corners([weight, weight]))
            #expect(coverage.reverseKL == 0)
        }
    }

    @Test("refuses modes and criteria that make no sense")
    func refusals() throws {
        let centres = try FeatureMatrix([0.0, 0, 10, 0], dimensions: 2)
        for (deviations, weights) in [
            ([1], [1, 1]), ([1, 1], [1]), ([1, -1], [1, 1]), ([1, .nan], [1, 1]),
            ([1, 1], [0, 0]), ([1, 1], [1, -1]), ([1, 1], [1, .infinity]),
        ] as [([Double], [Double])] {
            #expect(throws: SampleError.self) {
                try MixtureModes(
                    centres: centres, standardDeviations: deviations, weights: weights)
            }
        }
        for (radius, least) in [(0, 1), (-1, 1), (.nan, 1), (.infinity, 1), (3, 0), (3, .min)]
            as [(Double, Int)]
        {
            #expect(throws: SampleError.self) {
                try ModeCoverage(of: centres, in: corners(), radius: radius, least: least)
            }
        }
        let line = try FeatureMatrix([1.0, 2], dimensions: 1)
        #expect(throws: SampleError.dimensionsDiffer(first: 1, second: 2)) {
            try ModeCoverage(of: line, in: corners())
        }
    }
}
