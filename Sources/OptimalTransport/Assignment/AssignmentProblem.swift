/// The state of an assignment problem that is being solved.
///
/// At every moment an assigned pair has the smallest reduced cost, cost − price, of its row.
struct AssignmentProblem: ~Copyable {
    static let none = -1

    let size: Int
    let cost: UnsafeBufferPointer<Double>
    /// The price of each column.
    let price: UnsafeMutableBufferPointer<Double>
    /// The row that each column is assigned to, or `none`.
    let rowOfColumn: UnsafeMutableBufferPointer<Int>
    /// The column that each row is assigned to, or `none`.
    let columnOfRow: UnsafeMutableBufferPointer<Int>
    /// The length of the shortest known path to each column, during a search.
    let distance: UnsafeMutableBufferPointer<Double>
    /// The row before each column on that path.
    let predecessor: UnsafeMutableBufferPointer<Int>
    /// All columns, grouped by how far a search has come with them.
    let order: UnsafeMutableBufferPointer<Int>

    /// A problem with nothing assigned; `cost` is row-major `[size, size]` and outlives it.
    init(cost: UnsafeBufferPointer<Double>, size: Int) {
        self.cost = cost
        self.size = size
        price = .allocate(capacity: size)
        distance = .allocate(capacity: size)
        rowOfColumn = .allocate(capacity: size)
        columnOfRow = .allocate(capacity: size)
        predecessor = .allocate(capacity: size)
        order = .allocate(capacity: size)
        price.initialize(repeating: 0)
        distance.initialize(repeating: 0)
        rowOfColumn.initialize(repeating: Self.none)
        columnOfRow.initialize(repeating: Self.none)
        predecessor.initialize(repeating: Self.none)
        order.initialize(repeating: 0)
    }

    deinit {
        price.deallocate()
        distance.deallocate()
        rowOfColumn.deallocate()
        columnOfRow.deallocate()
        predecessor.deallocate()
        order.deallocate()
    }

    /// The costs of one row.
    func costs(of row: Int) -> UnsafeBufferPointer<Double> {
        UnsafeBufferPointer(rebasing: cost[row * size..<(row + 1) * size])
    }

    func assign(_ row: Int, to column: Int) {
        rowOfColumn[column] = row
        columnOfRow[row] = column
    }

    /// Prices each column at its smallest cost and gives it to that row if the row is still free.
    func reduceColumns() {
        let cheapestRow = order
        for column in 0..<size {
            price[column] = cost[column]
            cheapestRow[column] = 0
        }
        // Row by row, as the matrix lies in memory.
        for row in 1..<size {
            let costs = costs(of: row)
            for column in 0..<size where costs[column] < price[column] {
                price[column] = costs[column]
                cheapestRow[column] = row
            }
        }
        for column in 0..<size where columnOfRow[cheapestRow[column]] == Self.none {
            assign(cheapestRow[column], to: column)
        }
    }

    func solution() -> Assignment {
        let columns = Array(columnOfRow)
        let potentials = columns.indices.map { cost[$0 * size + columns[$0]] - price[columns[$0]] }
        let total = columns.indices.reduce(0) { $0 + cost[$1 * size + columns[$1]] }
        return Assignment(
            columns: columns, totalCost: total, rowPotentials: potentials,
            columnPotentials: Array(price))
    }
}
