import Philox
import Testing

@testable import Evaluation

@Suite("Gaussians")
struct GaussianTests {
    private func normal(_ count: Int, _ random: inout RandomStream) -> [Double] {
        (0..<count).map { _ in Double(random.nextNormal()) }
    }

    private func random(_ size: Int, _ clouds: inout RandomStream, rank: Int? = nil) throws
        -> Gaussian
    {
        let columns = rank ?? size
        let factor = normal(size * columns, &clouds)
        let covariance = (0..<size * size).map { index in
            (0..<columns).reduce(0) {
                $0 + factor[index / size * columns + $1] * factor[index % size * columns + $1]
            }
        }
        return try Gaussian(mean: normal(size, &clouds), covariance: covariance)
    }

    @Test(
        "have eigenvectors that are orthonormal and give the matrix back",
        arguments: [1, 2, 3, 4, 5, 7, 12, 40])
    func eigensystem(size: Int) throws {
        var clouds = RandomStream(seed: 51, stream: UInt32(size))
        for spread in [1e-12, 1, 1e12] {
            let matrix = SquareMatrix(
                size: size, values: normal(size * size, &clouds).map { $0 * spread }
            ).symmetrised()
            let system = Eigensystem(matrix)
            for (got, wanted) in zip(system.matrix { $0 }.values, matrix.values) {
                #expect(abs(got - wanted) < 1e-13 * spread * Double(size))
            }
            for (index, got) in system.matrix({ _ in 1 }).values.enumerated() {
                #expect(abs(got - (index / size == index % size ? 1 : 0)) < 1e-13)
            }
        }
    }

    @Test("are at distances that form a metric, zero only for the same", arguments: [1, 2, 6])
    func metric(size: Int) throws {
        var clouds = RandomStream(seed: 52, stream: UInt32(size))
        let (a, b, c) = (
            try random(size, &clouds), try random(size, &clouds),
            try random(size, &clouds, rank: 1)
        )
        let ab = try BuresWasserstein(a, b).distance
        let bc = try BuresWasserstein(b, c).distance
        let ac = try BuresWasserstein(a, c).distance
        #expect(abs(ab - (try BuresWasserstein(b, a).distance)) < 1e-9)
        #expect(ac <= ab + bc + 1e-12 && ab <= ac + bc + 1e-12 && bc <= ab + ac + 1e-12)
        #expect(ab > 0.01)
        #expect(try BuresWasserstein(a, a).distance == 0)
    }

    @Test("have eigenvalues that bisection finds where it meets a leading minor of zero")
    func zeroMinors() throws {
        let cases: [([Double], [Double])] = [
            ([1, 0.5, 0.5, 1], [0.5, 1.5]), ([1, 2, 2, 1], [-1, 3]), ([0, 1, 1, 0], [-1, 1]),
            ([2, 1, 0, 1, 2, 1, 0, 1, 2], [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]),
            ([1, 1, 1, 1], [0, 2]),
        ]
        for (values, expected) in cases {
            let found = SquareMatrix(size: expected.count, values: values).symmetricEigenvalues()
            for (got, wanted) in zip(found, expected) {
                #expect(abs(got - wanted) < 1e-14, "\(values): \(found)")
            }
        }
    }

    @Test("are carried into each other by the map", arguments: [1, 2, 5])
    func map(size: Int) throws {
        var clouds = RandomStream(seed: 53, stream: UInt32(size))
        let (a, b) = (try random(size, &clouds), try random(size, &clouds))
        let map = SquareMatrix(
            size: size, values: try #require(BuresWasserstein(a, b).transportMap))
        let image = map.congruence(SquareMatrix(size: size, values: a.covariance))
        for (got, wanted) in zip(image.values, b.covariance) {
            #expect(abs(got - wanted) < 1e-8 * (1 + abs(wanted)))
        }
        let flat = try random(3, &clouds, rank: 1)
        #expect(try BuresWasserstein(flat, random(3, &clouds)).transportMap == nil)
    }

    @Test("have the eigenvalues that multiplicity, zeros and order suggest")
    func specialEigensystems() throws {
        for values in [
            [0, 0, 0, 0], [2, 0, 0, 2], [1, 1, 1, 1], [0, 1, 1, 0], [5, 0, 0, -3],
            [1, 1e-9, 1e-9, 1], [1, 0, 0, 1e-200],
        ] {
            let matrix = SquareMatrix(size: 2, values: values)
            let system = Eigensystem(matrix)
            #expect(abs(system.eigenvalues.reduce(0, +) - matrix.trace) < 1e-14)
            for (got, wanted) in zip(system.matrix { $0 }.values, values) {
                #expect(abs(got - wanted) < 1e-14, "\(values)")
            }
        }
        let ones = SquareMatrix(size: 30, values: [Double](repeating: 1, count: 900))
        let found = Eigensystem(ones).eigenvalues.sorted()
        #expect(abs(found[29] - 30) < 1e-12 && found.dropLast().allSatisfy { abs($0) < 1e-13 })
    }

    @Test("are about as far apart as large samples of them, and squared the Fréchet distance")
    func samples() throws {
        let exact = try BuresWasserstein(
            Gaussian(mean: [0, 0], covariance: [1, 0, 0, 1]),
            Gaussian(mean: [4, 0], covariance: [9, 0, 0, 0.25]))
        #expect(abs(exact.distance - (16 + 4 + 0.25).squareRoot()) < 1e-12)
        let draws = try normalFeatures(4000, 2, seed: 2)
        let moved = try FeatureMatrix(
            draws.values.enumerated().map { $0 % 2 == 0 ? 3 * $1 + 4 : 0.5 * $1 }, dimensions: 2)
        let found = try FrechetDistance(normalFeatures(4000, 2, seed: 1), moved).value
        #expect(abs(found - exact.squaredDistance) < 0.06 * exact.squaredDistance)
    }

    @Test("need a symmetric covariance without negative variances")
    func errors() throws {
        #expect(throws: GaussianError.empty) { try Gaussian(mean: [], covariance: []) }
        #expect(throws: GaussianError.covarianceCount(found: 1, dimensions: 2)) {
            try Gaussian(mean: [0, 0], covariance: [1])
        }
        #expect(throws: GaussianError.notFinite(index: 1)) {
            try Gaussian(mean: [0, .nan], covariance: [1, 0, 0, 1])
        }
        #expect(throws: GaussianError.notFinite(index: 3)) {
            try Gaussian(mean: [0, 0], covariance: [1, 0, 0, .infinity])
        }
        #expect(throws: GaussianError.notSymmetric(row: 1, column: 0)) {
            try Gaussian(mean: [0, 0], covariance: [1, 0.5, 0.4, 1])
        }
        #expect(throws: GaussianError.self) {
            try Gaussian(mean: [0, 0], covariance: [1, 2, 2, 1])
        }
        #expect(throws: GaussianError.unequalDimensions(first: 1, second: 2)) {
            try BuresWasserstein(
                Gaussian(mean: [0], covariance: [1]),
                Gaussian(mean: [0, 0], covariance: [1, 0, 0, 1]))
        }
    }
}
