import Philox
import Testing

@testable import Evaluation

@Suite("Measures of more features than samples")
struct FeatureComparisonTests {
    /// Samples `[count, dimensions]` whose numbers depend on each other, far from zero.
    private func samples(
        _ count: Int, _ dimensions: Int, seed: UInt64, shift: Double
    ) throws -> FeatureMatrix {
        let noise = try normalFeatures(count, dimensions, seed: seed)
        let values = (0..<count).flatMap { row in
            (0..<dimensions).map { column in
                shift + noise[row, column] / Double(1 + column)
                    + noise[row, 0] * noise[row, column / 2]
            }
        }
        return try FeatureMatrix(values, dimensions: dimensions)
    }

    @Test(
        "the Fréchet distance by products is that by covariances",
        arguments: [(2, 2, 3), (20, 31, 50), (31, 20, 50), (40, 40, 40), (13, 600, 37)])
    func frechet(first: Int, second: Int, dimensions: Int) throws {
        let x = try samples(first, dimensions, seed: 1, shift: 3)
        let y = try samples(second, dimensions, seed: 2, shift: 2)
        let products = try FrechetDistance(x, y)
        let covariances = try FrechetDistance(GaussianStatistics(x), GaussianStatistics(y))
        let scale = covariances.firstTrace + covariances.secondTrace
        #expect(abs(products.value - covariances.value) < 1e-7 * scale)
        #expect(abs(products.meanTerm - covariances.meanTerm) < 1e-9 * scale)
        #expect(abs(products.firstTrace - covariances.firstTrace) < 1e-9 * scale)
        #expect(abs(products.secondTrace - covariances.secondTrace) < 1e-9 * scale)
    }

    @Test("it has a closed form for a shifted and scaled copy, and for the largest numbers")
    func closedForms() throws {
        let x = try samples(12, 90, seed: 3, shift: 1)
        let y = try FeatureMatrix(x.values.map { 3 * $0 + 5 }, dimensions: 90)
        let distance = try FrechetDistance(x, y)
        #expect(abs(distance.covarianceTerm - 4 * distance.firstTrace) < 1e-6 * distance.firstTrace)
        #expect(try FrechetDistance(x, x).value < 1e-6 * distance.firstTrace)
        for scale in [1e100, 1e-100, Double.leastNonzeroMagnitude] {
            let x = try FeatureMatrix([0, scale, scale, 0, 0, 0], dimensions: 3)
            let y = try FeatureMatrix([-scale, 0, 0, scale, 0, 0], dimensions: 3)
            let value = try FrechetDistance(x, y).value
            #expect(value.isFinite && value >= 0)
        }
    }

    @Test("all measures from one set of products are those taken one by one", arguments: [8, 200])
    func together(dimensions: Int) throws {
        let generated = try samples(33, dimensions, seed: 4, shift: 3)
        let real = try samples(41, dimensions, seed: 5, shift: 2.5)
        let comparison = try FeatureComparison(generated, with: ReferenceFeatures(real))
        let frechet = try FrechetDistance(generated, real)
        let scale = frechet.firstTrace + frechet.secondTrace
        let found = comparison.frechetDistance
        #expect(abs(found.value - frechet.value) < 1e-7 * scale)
        #expect(abs(found.firstTrace - frechet.firstTrace) < 1e-9 * scale)
        #expect(found.firstCount == 33 && found.secondCount == 41)
        var (one, other) = (RandomStream(seed: 1, stream: 0), RandomStream(seed: 1, stream: 0))
        let kernel = try comparison.kernelDistance(subsets: 7, size: 20, using: &one)
        let expected = try KernelDistanceBySubsets(
            generated, real, subsets: 7, size: 20, using: &other, memory: WorkingMemory(bytes: 0))
        for (value, right) in zip(kernel.values, expected.values) {
            #expect(abs(value - right) < 1e-9 * (1 + abs(right)))
        }
        #expect(kernel.values.count == 7 && kernel.subsetSize == 20)
        for neighbour in [1, 5] {
            #expect(
                try comparison.neighbourScores(neighbour)
                    == NeighbourScores(real: real, generated: generated, neighbour: neighbour))
        }
    }

    @Test("a kernel of all pairs gives the subsets' distances, where they are many")
    func kernelOfAllPairs() throws {
        let x = try samples(30, 6, seed: 6, shift: 1)
        let y = try samples(25, 6, seed: 7, shift: 1)
        #expect(
            KernelMatrices.isWorthwhile(x, y, subsets: 20, size: 10, WorkingMemory(bytes: 1 << 20)))
        #expect(
            !KernelMatrices.isWorthwhile(x, y, subsets: 20, size: 10, WorkingMemory(bytes: 1000)))
        #expect(
            !KernelMatrices.isWorthwhile(x, y, subsets: 1, size: 10, WorkingMemory(bytes: 1 << 20)))
        let values = try [0, 1 << 20].map { bytes in
            var random = RandomStream(seed: 8, stream: 0)
            return try KernelDistanceBySubsets(
                x, y, subsets: 20, size: 10, using: &random, memory: WorkingMemory(bytes: bytes)
            ).values
        }
        for (one, other) in zip(values[0], values[1]) { #expect(abs(one - other) < 1e-10) }
    }

    @Test("what does not fit the memory is refused with what would")
    func memory() throws {
        let x = try samples(40, 100, seed: 1, shift: 0)
        let bytes = FrechetDistance.bytes(40, 40, dimensions: 100)
        _ = try FrechetDistance(x, x, memory: WorkingMemory(bytes: bytes))
        do {
            _ = try FrechetDistance(x, x, memory: WorkingMemory(bytes: bytes - 1))
            Issue.record("40 samples fitted")
        } catch let error as SampleError {
            #expect("\(error)".contains("give at most 39 samples on each side"), "\(error)")
        }
        do {
            _ = try GaussianStatistics(dimensions: 100, memory: WorkingMemory(bytes: 80 * 81))
            Issue.record("100 features fitted")
        } catch let error as SampleError {
            #expect("\(error)".contains("give at most 9 features"), "\(error)")
        }
        #expect(WorkingMemory.available.bytes > 1 << 20)
    }
}
