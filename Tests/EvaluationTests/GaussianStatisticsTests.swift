import Evaluation
import Testing

@Suite("Mean and covariance")
struct GaussianStatisticsTests {
    @Test("are those of the textbook")
    func textbook() throws {
        let features = try FeatureMatrix([1.0, 2, 3, 6, 5, 1], dimensions: 2)
        let statistics = try GaussianStatistics(features)
        #expect(statistics.mean == [3, 3])
        #expect(try statistics.covariance() == [4, -1, -1, 7])
    }

    @Test("of merged parts equal those of one pass, even far from zero", arguments: [0, 1e6])
    func merged(_ shift: Double) throws {
        let all = try normalFeatures(700, 5, seed: 1, shift: shift)
        let whole = try GaussianStatistics(all)
        var parts = try GaussianStatistics(dimensions: 5)
        try parts.merge(GaussianStatistics(dimensions: 5))
        for rows in [0..<1, 1..<130, 130..<700] {
            let values = rows.flatMap { row in (0..<5).map { all[row, $0] } }
            var part = try GaussianStatistics(dimensions: 5)
            try part.add(FeatureMatrix(values, dimensions: 5))
            try parts.merge(part)
        }
        try parts.merge(GaussianStatistics(dimensions: 5))
        #expect(parts.count == 700)
        for (one, other) in zip(try parts.covariance(), try whole.covariance()) {
            #expect(abs(one - other) < 1e-9)
        }
        #expect(try FrechetDistance(parts, whole).value < 1e-8)
    }

    @Test("need two rows, and rows of one length")
    func refusals() throws {
        var statistics = try GaussianStatistics(dimensions: 2)
        #expect(throws: SampleError.tooFewRows(found: 0, needed: 2)) {
            try statistics.covariance()
        }
        try statistics.add(FeatureMatrix([1.0, 2], dimensions: 2))
        #expect(throws: SampleError.tooFewRows(found: 1, needed: 2)) {
            try statistics.covariance()
        }
        #expect(throws: SampleError.dimensionsDiffer(first: 2, second: 1)) {
            try statistics.add(FeatureMatrix([1.0, 2], dimensions: 1))
        }
        #expect(throws: SampleError.dimensionsDiffer(first: 2, second: 3)) {
            try statistics.merge(GaussianStatistics(dimensions: 3))
        }
    }

    @Test("refuse dimensions that no memory holds", arguments: [Int.min, 0, 1 << 30, .max])
    func dimensions(_ dimensions: Int) {
        #expect(throws: SampleError.self) { try GaussianStatistics(dimensions: dimensions) }
    }
}
