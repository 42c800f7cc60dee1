import Philox
import Testing

@testable import Evaluation

@Suite("Nearest rows")
struct NearestRowsTests {
    private func matrix(_ count: Int, seed: UInt64, offset: Float = 0) throws -> FeatureMatrix {
        var random = RandomStream(seed: seed, stream: 0)
        return try FeatureMatrix(
            (0..<count * 7).map { _ in random.nextUniform() + offset }, dimensions: 7)
    }

    private func distance(_ a: FeatureMatrix, _ i: Int, _ b: FeatureMatrix, _ j: Int) -> Double {
        zip(a.row(i), b.row(j)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test(
        "are those that a search through all pairs finds, in pieces as at once",
        arguments: [11, 90])
    func bruteForce(piece: Int) throws {
        // A common offset, beside which the distances are small.
        let (rows, many) = (
            try matrix(40, seed: 1, offset: 1000), try matrix(90, seed: 2, offset: 1000)
        )
        var search = NearestRows(to: rows, count: 3)
        for start in stride(from: 0, to: 90, by: piece) {
            try search.add(many.selecting(Array(start..<min(90, start + piece))))
        }
        for (row, found) in search.neighbours.enumerated() {
            let order = (0..<90).sorted {
                distance(rows, row, many, $0) < distance(rows, row, many, $1)
            }
            #expect(found.map(\.index) == Array(order.prefix(3)))
            for neighbour in found {
                #expect(neighbour.distance == distance(rows, row, many, neighbour.index))
            }
        }
    }

    @Test("equally far rows come in their order, and excluded ones not at all")
    func ties() throws {
        let rows = try FeatureMatrix([0.0], dimensions: 1)
        var search = NearestRows(to: rows, count: 3)
        try search.add(FeatureMatrix([1.0, -1, 1, 0, 2], dimensions: 1)) { _, candidate in
            candidate == 3
        }
        #expect(search.neighbours[0].map(\.index) == [0, 1, 2])
        #expect(throws: SampleError.dimensionsDiffer(first: 1, second: 2)) {
            try search.add(FeatureMatrix([1.0, 2], dimensions: 2))
        }
    }
}

@Suite("The test of the lower tail")
struct LowerTailTestTests {
    /// Of nine values in a random order, four of them ours: the two smallest are ours in 6 of 36
    /// cases, and two or three of the three smallest in 34 of 84.
    @Test(
        "has the probabilities that can be counted",
        arguments: [(0.01, 6.0 / 36), (0.2, 34.0 / 84)])
    func golden(quantile: Double, expected: Double) throws {
        let others = quantile == 0.01 ? [3.0, 4, 5, 6, 7] : [0.0, 3, 5, 6, 7]
        let test = try #require(
            LowerTailTest(of: [1, 2, 8, 9], below: others, quantile: quantile))
        #expect(test.share == 0.5)
        #expect(abs(test.pValue - expected) < 1e-12)
        #expect(abs(test.expectedShare - (quantile == 0.01 ? 1 : 2) / 6) < 1e-12)
    }

    @Test("finds a few very small values among many, and is not misled by a shift of the middle")
    func tails() throws {
        let others = (0..<500).map { 1 + Double($0) / 500 }
        let few = others.enumerated().map { $0 % 20 == 0 ? 0.5 : $1 }
        #expect(try #require(LowerTailTest(of: few, below: others)).pValue < 1e-3)
        let shifted = others.map { 1 + 0.5 * ($0 - 1) }
        #expect(try #require(LowerTailTest(of: shifted, below: others)).pValue > 0.05)
        #expect(LowerTailTest(of: others, below: others)?.share == 0.01)
        #expect(LowerTailTest(of: [2, 3], below: [1])?.pValue == 1)
        #expect(LowerTailTest(of: [], below: [1]) == nil)
        #expect(LowerTailTest(of: [.nan], below: [1]) == nil)
        #expect(LowerTailTest(of: [1], below: [1], quantile: 1) == nil)
    }
}
