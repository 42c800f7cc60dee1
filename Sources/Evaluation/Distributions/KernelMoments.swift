/// Sums of a kernel over pairs of rows, of which the kernel distance and its error are made.
struct KernelMoments {
    /// The sum over all pairs; within one set over pairs of different rows, in both orders.
    private(set) var total = 0.0
    /// The sum of the squares of these values.
    private(set) var squares = 0.0
    /// Within one set, the sum over pairs of a row with itself.
    fileprivate(set) var same = 0.0
    /// The sum of each row.
    private(set) var rows: [Double]
    /// The sum of each column; the same as those of rows within one set.
    private(set) var columns: [Double]

    /// Adds the parts of blocks in their order, so that nothing depends on the number of
    /// processors.
    fileprivate init(totals: [Double], squares: [Double], rows: [Double], columns: [Double]) {
        total = totals.reduce(0, +)
        self.squares = squares.reduce(0, +)
        (self.rows, self.columns) = (rows, columns)
    }

    /// What was found above the diagonal, counted for both orders of a pair.
    fileprivate var mirrored: KernelMoments {
        var whole = self
        (whole.total, whole.squares) = (2 * total, 2 * squares)
        whole.rows = zip(rows, columns).map { $0 + $1 }
        whole.columns = whole.rows
        return whole
    }

    /// The variance of the unbiased distance; nil for fewer than four rows in a set.
    ///
    /// See ``KernelDistance`` for its parts.
    static func variance(
        _ x: KernelMoments, _ y: KernelMoments, _ across: KernelMoments
    ) -> Double? {
        let (n, m) = (Double(x.rows.count), Double(y.rows.count))
        guard n >= 4, m >= 4 else { return nil }
        let interaction = across.interactionVariance
        let pairs = (x.pairVariance, y.pairVariance)
        let single = (
            x.singleVariance(across.rows, m, pairs.0, interaction),
            y.singleVariance(across.columns, n, pairs.1, interaction)
        )
        return 4 * max(0, single.0 / n + single.1 / m) + 2 * pairs.0 / (n * (n - 1))
            + 2 * pairs.1 / (m * (m - 1)) + 4 * interaction / (n * m)
    }

    /// The variance of the kernel of two samples of one set, less what each adds by itself.
    private var pairVariance: Double {
        let n = Double(rows.count)
        let sum =
            squares - 2 / (n - 2) * rows.reduce(0) { $0 + $1 * $1 }
            + total / (n - 1) * (total / (n - 2))
        return max(0, sum) / (n * (n - 3))
    }

    /// The variance of the kernel of two samples of different sets, less what each adds by itself.
    private var interactionVariance: Double {
        let (n, m) = (Double(rows.count), Double(columns.count))
        let sum =
            squares - rows.reduce(0) { $0 + $1 * $1 } / m - columns.reduce(0) { $0 + $1 * $1 } / n
            + total / n * (total / m)
        return max(0, sum) / ((n - 1) * (m - 1))
    }

    /// The variance of what one sample adds by itself: that of the difference of its mean kernels
    /// with both sets, less the noise of these means.
    private func singleVariance(
        _ other: [Double], _ otherCount: Double, _ pairVariance: Double, _ interaction: Double
    ) -> Double {
        let n = Double(rows.count)
        let means = zip(rows, other).map { $0 / (n - 1) - $1 / otherCount }
        let mean = means.mean
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        return variance - pairVariance * (n - 2) / ((n - 1) * (n - 1)) - interaction / otherCount
    }
}

/// Gathers the sums of a kernel block by block, by all processors.
struct KernelSums {
    let kernel: PolynomialKernel
    /// Rows of a block.
    private static let size = 64
    /// Parts of the work that have sums of columns of their own.
    private static let most = 64

    /// All pairs of a row of `x` and a row of `y`.
    func across(_ x: FeatureMatrix, _ y: FeatureMatrix) -> KernelMoments {
        gather(x, y) { $0 * 0 }
    }

    /// All pairs of two rows of one set.
    func within(_ x: FeatureMatrix) -> KernelMoments {
        var moments = gather(x, x) { $0 + 1 }.mirrored
        let scale = kernel.scale ?? 1 / Double(x.dimensions)
        moments.same = (0..<x.count).reduce(0.0) { sum, index in
            sum + kernel.value(x.row(index).reduce(0) { $0 + $1 * $1 }, scale)
        }
        return moments
    }

    /// - Parameter first: The first column of a row that counts.
    private func gather(
        _ x: FeatureMatrix, _ y: FeatureMatrix, from first: @Sendable (_ row: Int) -> Int
    ) -> KernelMoments {
        let blocks = Parallel.blockCount(x.count, size: Self.size)
        let groups = min(blocks, Self.most)
        var (totals, squares) = ([Double](repeating: 0, count: blocks), [Double]())
        squares = totals
        var rows = [Double](repeating: 0, count: x.count)
        var parts = [Double](repeating: 0, count: groups * y.count)
        totals.withUnsafeMutableBufferPointer { totals in
            squares.withUnsafeMutableBufferPointer { squares in
                rows.withUnsafeMutableBufferPointer { rows in
                    parts.withUnsafeMutableBufferPointer { parts in
                        nonisolated(unsafe) let (totals, squares) = (totals, squares)
                        nonisolated(unsafe) let (rows, parts) = (rows, parts)
                        Parallel.forEachBlock(of: groups, size: 1) { group, _ in
                            let columns = UnsafeMutableBufferPointer(
                                rebasing: parts[group * y.count..<(group + 1) * y.count])
                            for block in stride(from: group, to: blocks, by: groups) {
                                let start = block * Self.size
                                let range = start..<min(start + Self.size, x.count)
                                (totals[block], squares[block]) = add(
                                    x, range, y, from: first, rows: rows, columns: columns)
                            }
                        }
                    }
                }
            }
        }
        var columns = [Double](repeating: 0, count: y.count)
        for group in 0..<groups {
            for column in 0..<y.count { columns[column] += parts[group * y.count + column] }
        }
        return KernelMoments(totals: totals, squares: squares, rows: rows, columns: columns)
    }

    /// Adds a block to the sums of its rows and of all columns; returns the sum of its values and
    /// that of their squares.
    private func add(
        _ x: FeatureMatrix, _ range: Range<Int>, _ y: FeatureMatrix, from first: (Int) -> Int,
        rows: UnsafeMutableBufferPointer<Double>, columns: UnsafeMutableBufferPointer<Double>
    ) -> (total: Double, squares: Double) {
        let scale = kernel.scale ?? 1 / Double(x.dimensions)
        let seen = min(first(range.lowerBound), y.count)..<y.count
        guard !seen.isEmpty else { return (0, 0) }
        return DotProducts.withBlock(x, range, y, seen) { products in
            var (total, squares) = (0.0, 0.0)
            for row in range {
                let start = (row - range.lowerBound) * seen.count - seen.lowerBound
                var (rowSum, rowSquares) = (0.0, 0.0)
                for column in min(first(row), y.count)..<y.count {
                    let value = kernel.value(products[start + column], scale)
                    rowSum += value
                    rowSquares += value * value
                    columns[column] += value
                }
                rows[row] = rowSum
                total += rowSum
                squares += rowSquares
            }
            return (total, squares)
        }
    }
}
