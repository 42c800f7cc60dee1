import OptimalTransport
import Philox
import Testing

@Suite("Assignment")
struct AssignmentTests {
    /// The smallest total over all permutations.
    private func bruteForce(_ cost: CostMatrix, row: Int = 0, used: Set<Int> = []) -> Double {
        guard row < cost.rows else { return 0 }
        return (0..<cost.columns).filter { !used.contains($0) }.map {
            cost[row, $0] + bruteForce(cost, row: row + 1, used: used.union([$0]))
        }.min() ?? .infinity
    }

    /// A permutation whose cost is the stated one, and prices that prove it the smallest.
    private func expectOptimal(_ assignment: Assignment, _ cost: CostMatrix) {
        let size = cost.rows
        #expect(assignment.columns.sorted() == Array(0..<size))
        let total = (0..<size).reduce(0) { $0 + cost[$1, assignment.columns[$1]] }
        let scale = 1 + (cost.values.map(abs).max() ?? 0)
        #expect(abs(total - assignment.totalCost) <= 1e-12 * scale * Double(size))
        let dual =
            assignment.rowPotentials.reduce(0, +) + assignment.columnPotentials.reduce(0, +)
        #expect(abs(dual - total) <= 1e-9 * scale)
        #expect(
            (0..<size).allSatisfy { row in
                (0..<size).allSatisfy { column in
                    let price = assignment.rowPotentials[row] + assignment.columnPotentials[column]
                    return price - cost[row, column] <= 1e-9 * scale
                }
            })
    }

    @Test("agrees with all permutations tried out", arguments: 1...7)
    func smallProblems(size: Int) throws {
        var random = RandomStream(seed: 1, stream: UInt32(size))
        for trial in 0..<(size == 7 ? 6 : 40) {
            // Every third problem has few distinct costs, hence many ties.
            let values = (0..<size * size).map { _ in
                trial % 3 == 0 ? Double(random.nextBits() % 4) : Double(random.nextNormal())
            }
            let cost = try CostMatrix(rows: size, columns: size, values: values)
            let assignment = try Assignment.solve(cost)
            expectOptimal(assignment, cost)
            #expect(abs(assignment.totalCost - bruteForce(cost)) < 1e-12)
        }
    }

    @Test("of fewer rows than columns leaves the dearest columns out")
    func rectangles() throws {
        var clouds = Clouds(seed: 16)
        for (rows, columns) in [(1, 1), (1, 5), (2, 3), (3, 6), (5, 6), (4, 30)] {
            let cost = try CostMatrix(
                rows: rows, columns: columns, values: clouds.normal(rows * columns))
            let assignment = try Assignment.solve(cost)
            #expect(Set(assignment.columns).count == rows && assignment.columns.count == rows)
            if columns < 30 { #expect(abs(assignment.totalCost - bruteForce(cost)) < 1e-12) }
            let prices = assignment.columnPotentials
            let left = Set(0..<columns).subtracting(assignment.columns)
            #expect(left.allSatisfy { abs(prices[$0]) < 1e-14 })
            if rows < columns { #expect(prices.allSatisfy { $0 < 1e-14 }) }
            let dual = (assignment.rowPotentials + prices).reduce(0, +)
            #expect(abs(dual - assignment.totalCost) < 1e-12)
            for row in 0..<rows {
                for column in 0..<columns {
                    #expect(
                        assignment.rowPotentials[row] + prices[column] < cost[row, column] + 1e-12)
                }
            }
        }
    }

    @Test(
        "proves its own optimum on larger problems",
        arguments: ["normal", "ties", "constant", "products", "tiny differences", "huge"])
    func largerProblems(kind: String) throws {
        let size = 60
        var random = RandomStream(seed: 2, stream: 0)
        let values = (0..<size * size).map { index -> Double in
            switch kind {
            case "normal": Double(random.nextNormal())
            case "ties": Double(random.nextBits() % 5)
            case "constant": 3
            // The classic hard case: nearly every row needs a path, and a long one.
            case "products": Double((index / size + 1) * (index % size + 1))
            case "tiny differences": 1 + 1e-15 * Double(random.nextBits() % 8)
            default: Double(random.nextNormal()) * 1e249
            }
        }
        let cost = try CostMatrix(rows: size, columns: size, values: values)
        expectOptimal(try Assignment.solve(cost), cost)
    }

    @Test("a matrix must be full, finite, not too tall and not beyond the limits")
    func errors() {
        #expect(throws: TransportError.empty) { try CostMatrix(rows: 0, columns: 0, values: []) }
        #expect(throws: TransportError.costCount(found: 3, rows: 2, columns: 2)) {
            try CostMatrix(rows: 2, columns: 2, values: [1, 2, 3])
        }
        #expect(throws: TransportError.costCount(found: 1, rows: Int.max, columns: 3)) {
            try CostMatrix(rows: Int.max, columns: 3, values: [1])
        }
        for bad in [Double.nan, .infinity, -.infinity, 1e300] {
            #expect(throws: TransportError.costOutOfRange(row: 1, column: 0)) {
                try CostMatrix(rows: 2, columns: 2, values: [1, 2, bad, 4])
            }
        }
        #expect(throws: TransportError.tooManyRows(rows: 2, columns: 1)) {
            try Assignment.solve(CostMatrix(rows: 2, columns: 1, values: [1, 2]))
        }
    }
}
