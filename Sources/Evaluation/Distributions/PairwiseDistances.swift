import CKernels

/// Squared Euclidean distances between rows, fast where that is enough and exact where it counts.
///
/// `|a|² + |b|² − 2ab` with products in single precision is fast but loses digits. So each comes
/// with a bound of its error, and a comparison that the bound leaves open is made with
/// `Σ (aₖ − bₖ)²` in double precision. All answers are those of the latter.
struct PairwiseDistances: Sendable {
    let first: CentredFeatures
    let second: CentredFeatures
    private let products: PairProducts?

    /// Rows of the table that one processor works at.
    private static let blockSize = 256
    /// Rows of the second set that are in single precision at a time.
    private static let pieceSize = 512

    /// The rows and columns of the table of distances.
    ///
    /// - Parameter products: Those of the centred rows, where they are known already.
    init(_ first: CentredFeatures, _ second: CentredFeatures, products: PairProducts? = nil) {
        self.first = first
        self.second = second
        self.products = products
    }

    /// A row of the table of distances.
    struct Row {
        fileprivate let table: PairwiseDistances
        fileprivate let index: Int
        /// Those of the scaled row with all scaled rows of the second set.
        fileprivate let products: UnsafePointer<Float>
        fileprivate let bounds: ErrorBounds

        /// A squared distance and how far from the exact one it can be.
        @inline(__always)
        func estimate(_ column: Int) -> (value: Double, error: Double) {
            let norms = table.first.norms[index] + table.second.norms[column]
            return (
                norms - 2 * bounds.unit * Double(products[column]),
                norms * bounds.relative + bounds.absolute
            )
        }

        /// `Σ (aₖ − bₖ)²`.
        func exact(_ column: Int) -> Double {
            table.first.original.squaredDistance(
                fromRow: index, toRow: column, of: table.second.original)
        }

        /// Whether the exact squared distance is less than `bound`.
        @inline(__always)
        func isBelow(_ bound: Double, _ column: Int) -> Bool {
            let (value, error) = estimate(column)
            if value + error < bound { return true }
            return value - error < bound && exact(column) < bound
        }
    }

    /// How far an estimate can be from the exact distance.
    fileprivate struct ErrorBounds {
        /// What one of the products stands for.
        let unit: Double
        /// A part of the sum of the two squared norms.
        let relative: Double
        /// What is lost where numbers are too small for a float.
        let absolute: Double
    }

    /// Each number is rounded once and goes into a product of a known number of roundings, and
    /// `2 Σ |aₖ bₖ|` is at most the sum of the squared norms.
    ///
    /// Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1.
    private var errorBounds: ErrorBounds {
        let depth = first.original.dimensions
        // The last piece may have one column, whose sums are the longest.
        var shape = shape(rows: 1, columns: 1)
        let roundings = Double(wk_gemm_roundings(&shape) + 6)
        let unit = first.unit * second.unit
        return ErrorBounds(
            unit: unit, relative: 1.01 * roundings * Double(Float.ulpOfOne) / 2,
            absolute: unit * Double(depth) * 0x1p-120)
    }

    private func shape(rows: Int, columns: Int) -> wk_gemm_shape {
        wk_gemm_shape(
            m: Int64(rows), n: Int64(columns), k: Int64(first.original.dimensions),
            transpose_a: 0, transpose_b: 1, accumulates: 0)
    }

    /// Calls `body` with each row, on any thread; rows of one block come in order on one thread.
    func forEachBlock(_ body: @Sendable (_ indices: Range<Int>, _ row: (Int) -> Row) -> Void) {
        let columns = second.original.count
        let bounds = errorBounds
        // A block's table takes at most 16 MiB, or one row.
        let size = max(1, min(Self.blockSize, (4 << 20) / columns))
        Parallel.forEachBlock(of: first.original.count, size: size) { _, rows in
            withUnsafeTemporaryAllocation(
                of: Float.self, capacity: rows.count * columns
            ) { table in
                let table = table.baseAddress!
                if let products {
                    fill(table, from: products, rows, unit: bounds.unit)
                } else {
                    fill(table, rows)
                }
                body(rows) { index in
                    Row(
                        table: self, index: index,
                        products: table + (index - rows.lowerBound) * columns, bounds: bounds)
                }
            }
        }
    }

    private func fill(
        _ table: UnsafeMutablePointer<Float>, from products: PairProducts, _ rows: Range<Int>,
        unit: Double
    ) {
        let columns = products.columns
        products.values.withUnsafeBufferPointer { values in
            for index in 0..<rows.count * columns {
                table[index] = Float(values[rows.lowerBound * columns + index] / unit)
            }
        }
    }

    /// The products piece by piece, each of which is moved to its columns.
    private func fill(_ table: UnsafeMutablePointer<Float>, _ rows: Range<Int>) {
        let columns = second.original.count
        first.withScaled(rows) { left in
            withUnsafeTemporaryAllocation(
                of: Float.self, capacity: rows.count * min(columns, Self.pieceSize)
            ) { part in
                let part = part.baseAddress!
                for piece in second.original.pieces(of: 0..<columns, size: Self.pieceSize) {
                    var shape = shape(rows: rows.count, columns: piece.count)
                    second.withScaled(piece) { wk_gemm(&shape, left, $0, part) }
                    for row in 0..<rows.count {
                        (table + row * columns + piece.lowerBound).update(
                            from: part + row * piece.count, count: piece.count)
                    }
                }
            }
        }
    }
}

/// Features moved to a common centre, which makes the norms small.
struct CentredFeatures: Sendable {
    let original: FeatureMatrix
    /// The squared norm of each centred row.
    let norms: [Double]
    /// A power of two that no centred number exceeds in magnitude.
    fileprivate let unit: Double
    private let centre: [Double]

    init(_ features: FeatureMatrix, about centre: [Double]) {
        var norms: [Double] = []
        norms.reserveCapacity(features.count)
        var largest = 0.0
        let size = features.dimensions
        for piece in features.pieces(of: 0..<features.count, size: 64) {
            features.withDoubles(of: piece) { rows in
                for row in 0..<piece.count {
                    var sum = 0.0
                    for column in 0..<size {
                        let value = rows[row * size + column] - centre[column]
                        sum += value * value
                        largest = max(largest, abs(value))
                    }
                    norms.append(sum)
                }
            }
        }
        original = features
        self.norms = norms
        self.centre = centre
        unit = largest > 0 ? 2 * largest.binade : 1
    }

    /// Calls `body` with some centred rows over the unit, row-major.
    fileprivate func withScaled(_ rows: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        let size = original.dimensions
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * size) { scaled in
            let factor = 1 / unit
            original.withDoubles(of: rows) { values in
                centre.withUnsafeBufferPointer { centre in
                    for row in 0..<rows.count {
                        for column in 0..<size {
                            let place = row * size + column
                            scaled[place] = Float((values[place] - centre[column]) * factor)
                        }
                    }
                }
            }
            body(scaled.baseAddress!)
        }
    }
}

extension FeatureMatrix {
    /// `Σ (aₖ − bₖ)²` of a row and a row of another matrix, with the same bits from either side.
    fileprivate func squaredDistance(
        fromRow row: Int, toRow otherRow: Int, of other: FeatureMatrix
    ) -> Double {
        withDoubles(of: row..<row + 1) { a in
            other.withDoubles(of: otherRow..<otherRow + 1) { b in
                // Eight sums, since one would wait for each addition.
                var sums = SIMD8<Double>.zero
                var column = 0
                while column + 8 <= dimensions {
                    var difference = SIMD8<Double>.zero
                    for lane in 0..<8 { difference[lane] = a[column + lane] - b[column + lane] }
                    sums += difference * difference
                    column += 8
                }
                var sum = sums.sum()
                for rest in column..<dimensions {
                    sum += (a[rest] - b[rest]) * (a[rest] - b[rest])
                }
                return sum
            }
        }
    }
}
