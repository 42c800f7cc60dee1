import Evaluation
import Testing

@Suite("The Fréchet distance")
struct FrechetDistanceTests {
    @Test("of a set to itself is zero, also with fewer rows than features")
    func identical() throws {
        for (rows, features) in [(100, 6), (5, 12), (2, 1)] {
            let set = try normalFeatures(rows, features, seed: 1)
            #expect(try FrechetDistance(set, set).value == 0)
            let turned = try FeatureMatrix(
                (0..<rows).reversed().flatMap { row in (0..<features).map { set[row, $0] } },
                dimensions: features)
            #expect(try FrechetDistance(set, turned).value < 1e-6)
        }
    }

    @Test("is symmetric and tells its terms")
    func symmetric() throws {
        let x = try normalFeatures(60, 9, seed: 1)
        let y = try normalFeatures(50, 9, seed: 2, shift: 0.5, scale: 2)
        let (one, other) = (try FrechetDistance(x, y), try FrechetDistance(y, x))
        #expect(abs(one.value - other.value) < 1e-9)
        #expect(abs(one.value - one.meanTerm - one.covarianceTerm) < 1e-9)
        #expect(one.firstCount == 60 && other.firstCount == 50 && one.dimensions == 9)
    }

    @Test("of a set to its shifted and scaled copy has a closed form")
    func closedForm() throws {
        let x = try normalFeatures(40, 3, seed: 3)
        let y = try FeatureMatrix(x.values.map { 3 * $0 + 5 }, dimensions: 3)
        let (first, second) = (try GaussianStatistics(x), try GaussianStatistics(y))
        let means = zip(first.mean, second.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let distance = try FrechetDistance(x, y)
        // tr(S + 9S − 2·3S) = 4 tr S.
        #expect(abs(distance.value - means - 4 * distance.firstTrace) < 1e-8)
    }

    @Test("of one-dimensional sets is (m₁ − m₂)² + (s₁ − s₂)²")
    func oneDimension() throws {
        let x = try FeatureMatrix([0.0, 2], dimensions: 1)
        let y = try FeatureMatrix([5.0, 11], dimensions: 1)
        let roots = 2.0.squareRoot() - 18.0.squareRoot()
        #expect(abs(try FrechetDistance(x, y).value - (49 + roots * roots)) < 1e-9)
    }

    @Test("takes the divisor N − 1, unequal counts and flat covariances as they are")
    func reported() throws {
        let distance = { (x: [Double], y: [Double], dimensions: Int) in
            try FrechetDistance(
                FeatureMatrix(x, dimensions: dimensions), FeatureMatrix(y, dimensions: dimensions)
            ).value
        }
        #expect(abs(try distance([0, 2], [10, 10, 13], 1) - 100.10102051443365) < 1e-9)
        #expect(abs(try distance([10, 13, 10], [2, 0], 1) - 100.10102051443365) < 1e-9)
        // Two directions without anything in common: 1 + 1 + 2 + 2.
        #expect(abs(try distance([0, 0, 2, 0], [0, 0, 0, 2], 2) - 6) < 1e-12)
        #expect(abs(try distance([0, 0, 2, 0], [1, 1, 1, -1], 2) - 4) < 1e-12)
        #expect(abs(try distance([0, 0, 2, 0], [0, 0, 2, 0], 2)) < 1e-12)
    }

    @Test("of points is the squared distance of their means")
    func points() throws {
        let x = try FeatureMatrix([1.0, 1, 1, 1], dimensions: 2)
        let y = try FeatureMatrix([4.0, 5, 4, 5], dimensions: 2)
        #expect(try FrechetDistance(x, y).value == 25)
    }

    @Test("survives the largest and the smallest numbers")
    func extremes() throws {
        for scale in [1e100, 1e-100, Double.leastNonzeroMagnitude] {
            let x = try FeatureMatrix([0, scale, scale, 0, 0, 0], dimensions: 2)
            let y = try FeatureMatrix([-scale, 0, 0, scale, 0, 0], dimensions: 2)
            let value = try FrechetDistance(x, y).value
            #expect(value.isFinite && value >= 0)
        }
    }

    @Test("does not depend on the order of many features, with wide spectra")
    func wideSpectrum() throws {
        let x = try normalFeatures(60, 30, seed: 5)
        let scaled = { (set: FeatureMatrix, order: (Int) -> Int) in
            try FeatureMatrix(
                (0..<60).flatMap { row in
                    (0..<30).map { set[row, order($0)] / Double(1 << order($0)) }
                }, dimensions: 30)
        }
        let y = try normalFeatures(60, 30, seed: 6)
        let one = try FrechetDistance(scaled(x) { $0 }, scaled(y) { $0 })
        let other = try FrechetDistance(scaled(x) { 29 - $0 }, scaled(y) { 29 - $0 })
        #expect(abs(one.value - other.value) < 1e-8)
    }

    @Test("keeps the small variances beside large ones")
    func smallVariances() throws {
        let x = try normalFeatures(60, 20, seed: 5)
        let graded = try FeatureMatrix(
            x.values.enumerated().map { $1 / Double(1 << ($0 % 20)) }, dimensions: 20)
        let tripled = try FeatureMatrix(graded.values.map { 3 * $0 }, dimensions: 20)
        let distance = try FrechetDistance(graded, tripled)
        #expect(abs(distance.covarianceTerm - 4 * distance.firstTrace) < 1e-11)
    }

    @Test("is exact for features without correlation, where eigenvalues lie halfway")
    func uncorrelated() throws {
        let x = try FeatureMatrix(
            [2.0, 0, 0, -2, 0, 0, 0, 2, 0, 0, -2, 0, 0, 0, 2, 0, 0, -2] + [
                0, 0, 0, 0, 0, 0, 0, 0, 0,
            ],
            dimensions: 3)
        let y = try FeatureMatrix(
            [2.0, 0, 0, -2, 0, 0, 0, 1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1]
                + [0, 1, 0, 0, -1, 0, 0, 0, 0], dimensions: 3)
        // The covariances are diagonal: 1, 1, 1 and 1, 0.75, 0.5.
        let roots = 1 + 0.75.squareRoot() + 0.5.squareRoot()
        #expect(abs(try FrechetDistance(x, y).value - (3 + 2.25 - 2 * roots)) < 1e-14)
    }

    @Test("is exact for two samples, whose eigenvalues lie halfway between their bounds")
    func twoSamples() throws {
        let x = try FeatureMatrix([0.0, 0, 1, 0], dimensions: 2)
        let moved = try FeatureMatrix([0.0, 1, 1, 1], dimensions: 2)
        #expect(abs(try FrechetDistance(x, moved).value - 1) < 1e-9)
        #expect(abs(try FrechetDistance(moved, x).value - 1) < 1e-9)
        // Of standard deviations 1/√2 and 3/√2 along the first axis.
        let wide = try FeatureMatrix([-1.0, 0, 2, 0], dimensions: 2)
        #expect(abs(try FrechetDistance(x, wide).value - 2) < 1e-9)
        // Of standard deviations 1/√2 and 1, with means half a unit apart.
        let three = try FeatureMatrix([0.0, 0, 1, 0, -1, 0], dimensions: 2)
        let expected = 0.25 + 0.5 + 1 - 2 * (0.5).squareRoot()
        #expect(abs(try FrechetDistance(x, three).value - expected) < 1e-9)
    }

    @Test("refuses sets that cannot be compared")
    func refusals() throws {
        let two = try normalFeatures(2, 2, seed: 1)
        #expect(throws: SampleError.dimensionsDiffer(first: 2, second: 1)) {
            try FrechetDistance(two, FeatureMatrix([1.0, 2], dimensions: 1))
        }
        #expect(throws: SampleError.tooFewRows(found: 1, needed: 2)) {
            try FrechetDistance(two, FeatureMatrix([1.0, 2], dimensions: 2))
        }
    }

    @Test("extrapolates from two or more different sizes only")
    func sizes() throws {
        let set = try normalFeatures(10, 2, seed: 1)
        for sizes in [[], [5], [5, 5], [1, 5], [5, 11], [.min, .max]] {
            #expect(throws: SampleError.sampleSizes(sizes, smallestSet: 10)) {
                try FrechetExtrapolation(set, set, sizes: sizes)
            }
        }
    }
}
