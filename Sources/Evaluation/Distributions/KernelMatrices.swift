/// A kernel of all pairs of rows of two sets: subsets of these then cost sums alone.
struct KernelMatrices {
    let kernel: PolynomialKernel
    private let first: PairProducts
    private let second: PairProducts
    /// `[second, first]`.
    private let across: PairProducts

    /// The kernel of dot products that are known.
    ///
    /// - Parameters:
    ///   - first: Those within the first set.
    ///   - second: Those within the second set.
    ///   - across: Those of the second set's rows with the first one's.
    ///   - dimensions: How many numbers a row has.
    init(
        _ first: PairProducts, _ second: PairProducts, _ across: PairProducts,
        kernel: PolynomialKernel, dimensions: Int
    ) {
        let scale = kernel.scale ?? 1 / Double(dimensions)
        let applied = { (products: PairProducts) in
            var values = products
            values.transform { _, _, product in kernel.value(product, scale) }
            return values
        }
        self.kernel = kernel
        (self.first, self.second, self.across) = (applied(first), applied(second), applied(across))
    }

    /// The kernel of two sets.
    init(_ first: FeatureMatrix, _ second: FeatureMatrix, kernel: PolynomialKernel) {
        self.init(
            PairProducts(within: first), PairProducts(within: second), PairProducts(second, first),
            kernel: kernel, dimensions: first.dimensions)
    }

    /// How many samples the first set has.
    var firstCount: Int { first.rows }
    /// How many samples the second set has.
    var secondCount: Int { second.rows }

    /// Whether the products of all pairs are fewer than those of the pairs in all subsets, and fit.
    static func isWorthwhile(
        _ first: FeatureMatrix, _ second: FeatureMatrix, subsets: Int, size: Int,
        _ memory: WorkingMemory
    ) -> Bool {
        let (n, m) = (first.count, second.count)
        let pairs = n * n + 2 * n * m + m * m
        return pairs < 4 * subsets * size * size && 16 * pairs <= memory.bytes
    }

    /// The unbiased distance of some rows of the first set and as many of the second.
    ///
    /// - Throws: ``SampleError/kernelOverflow``.
    func distance(_ firstRows: [Int], _ secondRows: [Int]) throws -> Double {
        let size = Double(firstRows.count)
        let within = Self.within(first, firstRows) + Self.within(second, secondRows)
        let value =
            within / (size * (size - 1))
            - 2 * Self.sum(across, secondRows, firstRows, above: false) / (size * size)
        guard value.isFinite else { throw SampleError.kernelOverflow }
        return value
    }

    private static func within(_ matrix: PairProducts, _ rows: [Int]) -> Double {
        2 * sum(matrix, rows, rows, above: true)
    }

    /// A sum over places, or those above the diagonal, by blocks of rows, so that it does not
    /// depend on the number of processors.
    private static func sum(
        _ matrix: PairProducts, _ rows: [Int], _ columns: [Int], above isAbove: Bool
    ) -> Double {
        let size = 32
        var sums = [Double](repeating: 0, count: Parallel.blockCount(rows.count, size: size))
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums
            Parallel.forEachBlock(of: rows.count, size: size) { block, places in
                sums[block] = places.reduce(0.0) { sum, place in
                    let start = rows[place] * matrix.columns
                    var rowSum = 0.0
                    for column in columns[(isAbove ? place + 1 : 0)...] {
                        rowSum += matrix.values[start + column]
                    }
                    return sum + rowSum
                }
            }
        }
        return sums.reduce(0, +)
    }
}
