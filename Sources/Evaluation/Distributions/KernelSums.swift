/// Sums of a kernel over pairs of rows.
struct KernelSums {
    let kernel: PolynomialKernel

    /// The sum over all pairs of a row of `x` and a row of `y`.
    func across(_ x: FeatureMatrix, _ y: FeatureMatrix) -> Double {
        sumByBlocks(x, y) { _ in
            0..<y.count
        } counting: { _, _ in
            true
        }
    }

    /// The sums over pairs of different rows, and of each row with itself.
    func within(_ x: FeatureMatrix) -> (different: Double, same: Double) {
        let upper = sumByBlocks(x, x) {
            $0.lowerBound..<x.count
        } counting: {
            $0 < $1
        }
        let scale = kernel.scale ?? 1 / Double(x.dimensions)
        let same = (0..<x.count).reduce(0.0) { sum, index in
            sum + kernel.value(x.row(index).reduce(0) { $0 + $1 * $1 }, scale)
        }
        return (2 * upper, same)
    }

    /// Sums by blocks of rows, so that the result does not depend on the number of processors.
    private func sumByBlocks(
        _ x: FeatureMatrix, _ y: FeatureMatrix,
        columns: @Sendable (_ rows: Range<Int>) -> Range<Int>,
        counting counts: @Sendable (_ row: Int, _ column: Int) -> Bool
    ) -> Double {
        let size = 32
        var sums = [Double](repeating: 0, count: Parallel.blockCount(x.count, size: size))
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums
            Parallel.forEachBlock(of: x.count, size: size) { block, rows in
                let columns = columns(rows)
                sums[block] = sum(x, rows, y, columns, counts)
            }
        }
        return sums.reduce(0, +)
    }

    private func sum(
        _ x: FeatureMatrix, _ rows: Range<Int>, _ y: FeatureMatrix, _ columns: Range<Int>,
        _ counts: (_ row: Int, _ column: Int) -> Bool
    ) -> Double {
        let scale = kernel.scale ?? 1 / Double(x.dimensions)
        return DotProducts.withBlock(x, rows, y, columns) { products in
            var sum = 0.0
            for (position, row) in rows.enumerated() {
                let start = position * columns.count
                var rowSum = 0.0
                for index in 0..<columns.count where counts(row, columns.lowerBound + index) {
                    rowSum += kernel.value(products[start + index], scale)
                }
                sum += rowSum
            }
            return sum
        }
    }
}
