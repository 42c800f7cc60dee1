import Philox
import Testing

@testable import Evaluation

@Suite("Welch's test")
struct WelchTestTests {
    @Test("agrees with SciPy's ttest_ind of unequal variances")
    func reference() throws {
        let test = try #require(WelchTest([1, 2, 3, 4.5], [2.5, 3.5, 6, 7, 9]))
        #expect(abs(test.difference + 2.975) < 1e-12)
        #expect(abs(test.degreesOfFreedom - 6.469937202241258) < 1e-9)
        #expect(abs(test.pValue - 0.07338976249374446) < 1e-9)
        // The interval's end has a probability of 5 % on the other side of the difference.
        let error = abs(test.difference) / 2.134665084518235
        let end = StudentDistribution(test.degreesOfFreedom).twoSided(test.halfWidth95 / error)
        #expect(abs(end - 0.05) < 1e-9)
    }

    @Test(
        "Student's distribution has the tabulated quantiles",
        arguments: [(1.0, 12.706), (4, 2.776), (9, 2.262), (1e6, 1.95997)])
    func quantiles(freedom: Double, quantile: Double) {
        let found = StudentDistribution(freedom).quantile(twoSided: 0.05)
        #expect(abs(found - quantile) < 6e-4)
    }

    @Test("tails far out keep their digits")
    func tails() {
        #expect(abs(StudentDistribution(8).twoSided(30) / 1.653525675178976e-9 - 1) < 1e-6)
        #expect(StudentDistribution(5).twoSided(0) == 1)
    }

    @Test("values that do not vary differ surely or not at all, and too few tell nothing")
    func constants() {
        #expect(WelchTest([1, 1], [1, 1])?.pValue == 1)
        #expect(WelchTest([1, 1], [2, 2])?.pValue == 0)
        #expect(WelchTest([1], [2, 2]) == nil)
        #expect(WelchTest([1, .nan], [2, 2]) == nil)
    }

    @Test("Holm's adjustment raises probabilities by the tests that are left, in order")
    func holm() {
        let found = WelchTest.adjusted([0.01, 0.04, 0.03, 0.5])
        for (value, expected) in zip(found, [0.04, 0.09, 0.09, 0.5]) {
            #expect(abs(value - expected) < 1e-12)
        }
        #expect(WelchTest.adjusted([]) == [])
    }

    @Test("columns are held against the first, and what cannot be told is not counted")
    func againstFirst() throws {
        let rows: [[[Double]]] = [
            [[1, 2, 3], [4, 6, 5], [1, 2, 3]], [[1], [2, 3], [4]], [[0, 1], [0, 1.5], [7, 9]],
        ]
        let found = WelchTest.againstFirst(rows)
        let expected = rows.map { row in row.dropFirst().map { WelchTest($0, row[0]) } }
        #expect(found.map { $0.map { $0?.test } } == expected)
        #expect(
            found.map { $0.map { $0 == nil } } == [[false, false], [true, true], [false, false]])
        let pValues = expected.joined().compactMap { $0?.pValue }
        #expect(found.joined().compactMap { $0?.adjusted } == WelchTest.adjusted(pValues))
    }

    @Test("under equal means one test in twenty falls below five per cent")
    func calibration() throws {
        var random = RandomStream(seed: 7, stream: 0)
        let below = try (0..<2000).count { _ in
            let first = (0..<5).map { _ in Double(random.nextNormal()) }
            let second = (0..<8).map { _ in 3 * Double(random.nextNormal()) }
            return try #require(WelchTest(first, second)).pValue < 0.05
        }
        #expect((60...150).contains(below))
    }
}
