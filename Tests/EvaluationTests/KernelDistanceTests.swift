import Evaluation
import Foundation
import Philox
import Testing

@Suite("The kernel distance")
struct KernelDistanceTests {
    @Test("is zero on average for one distribution, while the biased estimate is above")
    func unbiased() throws {
        var (values, biased): ([Double], [Double]) = ([], [])
        for seed in 0..<200 {
            let distance = try KernelDistance(
                normalFeatures(8, 2, seed: UInt64(2 * seed)),
                normalFeatures(6, 2, seed: UInt64(2 * seed + 1)))
            values.append(distance.value)
            biased.append(distance.biased)
        }
        let mean = values.reduce(0, +) / 200
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
        let standardError = (variance / 200).squareRoot()
        #expect(abs(mean) < 4 * standardError)
        #expect(biased.reduce(0, +) / 200 > 4 * standardError)
        #expect(biased.allSatisfy { $0 > -1e-9 })
    }

    @Test("is symmetric, and grows with a shift")
    func symmetric() throws {
        let x = try normalFeatures(70, 3, seed: 1)
        let near = try normalFeatures(33, 3, seed: 2, shift: 0.5)
        let far = try normalFeatures(33, 3, seed: 2, shift: 2)
        let distance = try KernelDistance(x, near)
        #expect(abs(distance.value - (try KernelDistance(near, x).value)) < 1e-9)
        #expect(try KernelDistance(x, far).value > distance.value)
        #expect(distance.firstCount == 70 && distance.secondCount == 33)
    }

    @Test("of all rows as the only subset is the whole distance, with its standard error")
    func onlySubset() throws {
        let x = try normalFeatures(20, 3, seed: 1)
        let y = try normalFeatures(20, 3, seed: 2, shift: 1)
        var random = RandomStream(seed: 1, stream: 1)
        let bySubsets = try KernelDistanceBySubsets(x, y, subsets: 1, size: 20, using: &random)
        let whole = try KernelDistance(x, y)
        #expect(abs(bySubsets.mean - whole.value) < 1e-9)
        #expect(bySubsets.standardError == whole.standardError)
        #expect(bySubsets.standardDeviation == 0 && whole.standardError != nil)
        let one = try KernelDistanceBySubsets(x, y, subsets: 1, size: 19, using: &random)
        #expect(one.standardError == nil)
        let few = try normalFeatures(3, 3, seed: 3)
        #expect(try KernelDistance(few, y).standardError == nil)
    }

    @Test("of subsets that are the whole smaller set has the error of the sets and of the draw")
    func wholeSubsets() throws {
        let x = try normalFeatures(20, 3, seed: 1)
        for more in [20, 35] {
            let y = try normalFeatures(more, 3, seed: 2, shift: 1)
            var random = RandomStream(seed: 1, stream: 1)
            let found = try KernelDistanceBySubsets(x, y, subsets: 30, size: 20, using: &random)
            let whole = try #require(try KernelDistance(x, y).standardError)
            let error = try #require(found.standardError)
            #expect(error >= whole && error < 1.2 * whole && (error == whole) == (more == 20))
            #expect((found.standardDeviation == 0) == (more == 20))
        }
    }

    @Test(
        "between whole sets has a standard error as large as its scatter over samples",
        arguments: [(40, 40, 0.0), (40, 40, 1), (25, 90, 0), (90, 25, 0.7), (60, 50, 0.15)])
    func wholeError(first: Int, second: Int, shift: Double) throws {
        let seeds = 400
        var (values, variances) = ([Double](), [Double]())
        for seed in 0..<seeds {
            let found = try KernelDistance(
                normalFeatures(first, 3, seed: UInt64(2 * seed)),
                normalFeatures(second, 3, seed: UInt64(2 * seed + 1), shift: shift))
            values.append(found.value)
            variances.append(pow(try #require(found.standardError), 2))
        }
        let mean = values.reduce(0, +) / Double(seeds)
        let scatter = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seeds - 1)
        let ratio = (variances.reduce(0, +) / Double(seeds) / scatter).squareRoot()
        #expect(0.85 < ratio && ratio < (shift == 0 ? 1.35 : 1.2), "\(ratio)")
    }

    @Test("has a standard error that tells how much it varies from sample to sample")
    func standardError() throws {
        // Small, middling and nearly whole subsets of 30 rows.
        for size in [6, 15, 29] {
            var (values, errors): ([Double], [Double]) = ([], [])
            for seed in 0..<40 {
                let x = try normalFeatures(30, 2, seed: UInt64(2 * seed))
                let y = try normalFeatures(30, 2, seed: UInt64(2 * seed + 1), shift: 1)
                var random = RandomStream(seed: UInt64(seed), stream: 1)
                let found = try KernelDistanceBySubsets(
                    x, y, subsets: 16, size: size, using: &random)
                values.append(found.mean)
                errors.append(try #require(found.standardError))
            }
            let mean = values.reduce(0, +) / 40
            let deviation =
                (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39).squareRoot()
            let ratio = errors.reduce(0, +) / 40 / deviation
            #expect((0.6...1.7).contains(ratio), "\(size): \(ratio)")
        }
    }

    @Test("by subsets is the same for the same stream, and says how sure it is")
    func subsets() throws {
        let x = try normalFeatures(40, 2, seed: 1)
        let y = try normalFeatures(30, 2, seed: 2, shift: 1)
        let results = try (0..<2).map { _ in
            var random = RandomStream(seed: 5, stream: 1)
            return try KernelDistanceBySubsets(x, y, subsets: 9, size: 10, using: &random)
        }
        #expect(results[0] == results[1])
        #expect(results[0].values.count == 9 && Set(results[0].values).count == 9)
        // Ten of thirty rows, nine times; the published deviation has the divisor nine.
        let expected =
            results[0].standardDeviation * (9.0 / 8 * (10.0 / 20 + 1.0 / 9)).squareRoot()
        #expect(abs(try #require(results[0].standardError) - expected) < 1e-12)
        let whole = try KernelDistance(x, y).value
        #expect(abs(results[0].mean - whole) < 6 * expected)
    }

    @Test("refuses impossible kernels, subsets and sets")
    func refusals() throws {
        for (degree, scale, offset) in [
            (0, 1.0, 1.0), (17, 1, 1), (3, 0, 1), (3, -1, 1), (3, .nan, 1), (3, 1, -1),
            (3, 1, .infinity),
        ] {
            #expect(throws: SampleError.self) {
                try PolynomialKernel(degree: degree, scale: scale, offset: offset)
            }
        }
        let (set, one) = (try normalFeatures(5, 2, seed: 1), try normalFeatures(1, 2, seed: 1))
        #expect(throws: SampleError.tooFewRows(found: 1, needed: 2)) {
            try KernelDistance(set, one)
        }
        for (count, size) in [(0, 2), (1, 1), (1, 6), (10_001, 2), (.min, .max)] {
            var random = RandomStream(seed: 1, stream: 1)
            #expect(throws: SampleError.subsets(count: count, size: size, smallestSet: 5)) {
                try KernelDistanceBySubsets(set, set, subsets: count, size: size, using: &random)
            }
        }
    }

    @Test("says so when the kernel overflows")
    func overflow() throws {
        let huge = try FeatureMatrix([1e90, -1e90, 2e90, 1e90], dimensions: 2)
        #expect(throws: SampleError.kernelOverflow) {
            try KernelDistance(huge, huge, kernel: PolynomialKernel(degree: 4))
        }
    }
}
