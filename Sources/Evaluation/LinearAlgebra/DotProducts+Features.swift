extension DotProducts {
    /// Calls `body` with the products of some rows of `x` with some of `y`, row-major.
    static func withBlock<Result>(
        _ x: FeatureMatrix, _ rows: Range<Int>, _ y: FeatureMatrix, _ columns: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<Double>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: Double.self, capacity: rows.count * columns.count
        ) { products in
            products.initialize(repeating: 0)
            let depth = x.dimensions
            x.values.withUnsafeBufferPointer { first in
                y.values.withUnsafeBufferPointer { second in
                    add(
                        first.baseAddress! + rows.lowerBound * depth, rows: rows.count,
                        second.baseAddress! + columns.lowerBound * depth, columns: columns.count,
                        depth: depth, to: products.baseAddress!, stride: columns.count)
                }
            }
            return body(products)
        }
    }
}
