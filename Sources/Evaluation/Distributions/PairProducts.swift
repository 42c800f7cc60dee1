/// The dot products of all pairs of rows of two sets, of which measures of many features are made.
struct PairProducts: Sendable {
    /// Rows of the first set.
    let rows: Int
    /// Rows of the second set.
    let columns: Int
    /// Row-major `[rows, columns]`.
    private(set) var values: [Double]

    /// The products between two sets.
    init(_ first: FeatureMatrix, _ second: FeatureMatrix) {
        (rows, columns) = (first.count, second.count)
        values = DotProducts.all(first, second)
    }

    /// The products within one set.
    init(within set: FeatureMatrix) {
        (rows, columns) = (set.count, set.count)
        var matrix = SquareMatrix(zeros: set.count)
        DotProducts.addWithin(set, to: &matrix)
        matrix.mirrorUpperTriangle()
        values = matrix.values
    }

    /// The products of one row of the first set, counted from 0, with all rows of the second:
    /// `[columns]`.
    subscript(row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

    /// Changes every product by its place.
    mutating func transform(_ new: @Sendable (_ row: Int, _ column: Int, Double) -> Double) {
        let (rows, columns) = (rows, columns)
        values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            Parallel.forEachBlock(of: rows, size: 64) { _, block in
                for row in block {
                    for column in 0..<columns {
                        let place = row * columns + column
                        values[place] = new(row, column, values[place])
                    }
                }
            }
        }
    }

    /// The sum of singular values after the means of rows and of columns are subtracted: that of
    /// the products of rows less their set's mean.
    func centredNuclearNorm() -> Double {
        let rowMeans = (0..<rows).map { self[$0].reduce(0, +) / Double(columns) }
        var columnMeans = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for (column, value) in self[row].enumerated() {
                columnMeans[column] += value / Double(rows)
            }
        }
        let mean = rowMeans.reduce(0, +) / Double(rows)
        let isWide = columns >= rows
        var norm = NuclearNorm(rows: min(rows, columns))
        // Blocks of the longer side, turned so that the shorter one counts rows.
        for start in stride(from: 0, to: max(rows, columns), by: 512) {
            let part = start..<min(start + 512, max(rows, columns))
            let block = (0..<min(rows, columns)).flatMap { short in
                part.map { long in
                    let (row, column) = isWide ? (short, long) : (long, short)
                    return values[row * columns + column] - rowMeans[row] - columnMeans[column]
                        + mean
                }
            }
            norm.add(block, columns: part.count)
        }
        return norm.value()
    }
}
