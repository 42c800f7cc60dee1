import Foundation
import Testing

@testable import Evaluation

@Suite("Coverage of classes")
struct ClassCoverageTests {
    @Test("counts constructed labels, and their divergence from equal shares is the golden one")
    func golden() throws {
        // Shares 2/6, 1/6, 3/6 and 0: ln 4 minus their entropy.
        let coverage = try ClassCoverage(of: [2, 0, 1, 2, 0, 2], among: 4)
        #expect(coverage.counts == [2, 1, 3, 0])
        #expect(coverage.classesFound == 3 && coverage.sampleCount == 6)
        #expect(abs(coverage.divergence - 0.37489009641253884) < 1e-14)
        #expect(coverage.floor == 3.0 / 12)
    }

    @Test("equal shares have no divergence, and one class alone the logarithm of their number")
    func extremes() throws {
        #expect(try ClassCoverage(of: Array(0..<1000), among: 1000).divergence < 1e-14)
        let one = try ClassCoverage(of: [7, 7, 7], among: 1000)
        #expect(one.classesFound == 1 && abs(one.divergence - log(1000)) < 1e-12)
    }

    @Test("no samples and classes beyond the last are refused")
    func refusals() {
        #expect(throws: SampleError.empty) { try ClassCoverage(of: [], among: 3) }
        #expect(throws: SampleError.classNumber(sample: 1, classes: 3)) {
            try ClassCoverage(of: [2, 3], among: 3)
        }
        #expect(throws: SampleError.classNumber(sample: 0, classes: 3)) {
            try ClassCoverage(of: [-1], among: 3)
        }
    }
}
