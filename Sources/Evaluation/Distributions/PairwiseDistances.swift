/// Squared Euclidean distances between rows, fast where that is enough and exact where it counts.
///
/// `|a|² + |b|² − 2ab` is fast but loses digits when the distance is small beside the norms. So
/// each comes with a bound of its error, and a comparison that the bound leaves open is made with
/// `Σ (aₖ − bₖ)²`. All answers are those of the latter.
struct PairwiseDistances: Sendable {
    let first: CentredFeatures
    let second: CentredFeatures
    private let products: PairProducts?

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
        fileprivate let products: UnsafePointer<Double>
        fileprivate let start: Int

        /// A squared distance and how far from the exact one it can be.
        @inline(__always)
        func estimate(_ column: Int) -> (value: Double, error: Double) {
            let norms = table.first.norms[index] + table.second.norms[column]
            return (norms - 2 * products[start + column], norms * table.first.relativeError)
        }

        /// `Σ (aₖ − bₖ)²`.
        func exact(_ column: Int) -> Double {
            let depth = table.first.original.dimensions
            let (a, b) = (table.first.original.values, table.second.original.values)
            var sum = 0.0
            for k in 0..<depth {
                let difference = a[index * depth + k] - b[column * depth + k]
                sum += difference * difference
            }
            return sum
        }

        /// Whether the exact squared distance is less than `bound`.
        @inline(__always)
        func isBelow(_ bound: Double, _ column: Int) -> Bool {
            let (value, error) = estimate(column)
            if value + error < bound { return true }
            return value - error < bound && exact(column) < bound
        }
    }

    /// Calls `body` with each row, on any thread; rows of one block come in order on one thread.
    func forEachBlock(_ body: @Sendable (_ indices: Range<Int>, _ row: (Int) -> Row) -> Void) {
        let columns = second.original.count
        if let products { return forEachBlock(of: products, body) }
        // A block's table takes at most 16 MiB, or one row.
        let size = max(1, min(64, (2 << 20) / columns))
        Parallel.forEachBlock(of: first.original.count, size: size) { _, rows in
            DotProducts.withBlock(first.centred, rows, second.centred, 0..<columns) { products in
                body(rows) { index in
                    Row(
                        table: self, index: index, products: UnsafePointer(products.baseAddress!),
                        start: (index - rows.lowerBound) * columns)
                }
            }
        }
    }

    private func forEachBlock(
        of products: PairProducts,
        _ body: @Sendable (_ indices: Range<Int>, _ row: (Int) -> Row) -> Void
    ) {
        products.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let values = values.baseAddress!
            Parallel.forEachBlock(of: products.rows, size: 64) { _, rows in
                body(rows) { index in
                    Row(
                        table: self, index: index, products: values,
                        start: index * products.columns)
                }
            }
        }
    }
}

/// Features moved to a common centre, which makes the norms small.
struct CentredFeatures: Sendable {
    let original: FeatureMatrix
    let centred: FeatureMatrix
    /// The squared norm of each centred row.
    let norms: [Double]

    init(_ features: FeatureMatrix, about centre: [Double]) {
        original = features
        centred = features.subtracting(centre)
        norms = (0..<features.count).map { [centred] index in
            centred.row(index).reduce(0) { $0 + $1 * $1 }
        }
    }

    /// The largest error of an estimated squared distance, relative to the sum of the two norms.
    ///
    /// A sum of d rounded products is off by at most d + 1 roundings of its size; centring adds one
    /// to each number. Source: Higham 2002, section 3.1.
    var relativeError: Double { 4 * Double(original.dimensions + 8) * .ulpOfOne }
}

extension FeatureMatrix {
    fileprivate func subtracting(_ centre: [Double]) -> FeatureMatrix {
        var shifted = values
        for index in shifted.indices { shifted[index] -= centre[index % dimensions] }
        return FeatureMatrix(shifted, columns: dimensions)
    }
}
