import OptimalTransport
import Testing

@Suite("Gaussians")
struct GaussianTests {
    private func random(_ size: Int, _ clouds: inout Clouds, rank: Int? = nil) throws -> Gaussian {
        let columns = rank ?? size
        let factor = clouds.normal(size * columns)
        let covariance = (0..<size * size).map { index in
            (0..<columns).reduce(0) {
                $0 + factor[index / size * columns + $1] * factor[index % size * columns + $1]
            }
        }
        return try Gaussian(mean: clouds.normal(size), covariance: covariance)
    }

    @Test("have eigenvectors that are orthonormal and give the matrix back", arguments: 1...12)
    func eigensystem(size: Int) throws {
        var clouds = Clouds(seed: 51, stream: size)
        for spread in [1e-12, 1, 1e12] {
            let matrix = SymmetricMatrix(
                size: size, values: clouds.normal(size * size).map { $0 * spread })
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
        var clouds = Clouds(seed: 52, stream: size)
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

    @Test("are carried into each other by the map", arguments: [1, 2, 5])
    func map(size: Int) throws {
        var clouds = Clouds(seed: 53, stream: size)
        let (a, b) = (try random(size, &clouds), try random(size, &clouds))
        let map = SymmetricMatrix(
            size: size, values: try #require(BuresWasserstein(a, b).transportMap))
        let image = map.congruence(SymmetricMatrix(size: size, values: a.covariance))
        for (got, wanted) in zip(image.values, b.covariance) {
            #expect(abs(got - wanted) < 1e-8 * (1 + abs(wanted)))
        }
        let flat = try random(3, &clouds, rank: 1)
        #expect(try BuresWasserstein(flat, random(3, &clouds)).transportMap == nil)
    }

    @Test("are about as far apart as large samples of them")
    func samples() throws {
        var clouds = Clouds(seed: 54)
        let count = 300
        let first = try clouds.sample(count, dimensions: 2)
        let draws = try clouds.sample(count, dimensions: 2)
        let second = try DiscreteMeasure(
            draws.points.enumerated().map { $0 % 2 == 0 ? 3 * $1 + 4 : 0.5 * $1 }, dimensions: 2)
        let exact = try BuresWasserstein(
            Gaussian(mean: [0, 0], covariance: [1, 0, 0, 1]),
            Gaussian(mean: [4, 0], covariance: [9, 0, 0, 0.25])
        ).distance
        #expect(abs(exact - (16 + 4 + 0.25).squareRoot()) < 1e-12)
        #expect(abs(try wasserstein(first, second, p: 2) - exact) < 0.3)
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
