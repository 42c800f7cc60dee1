/// The squared maximum mean discrepancy between two sets of features: the kernel inception
/// distance, KID.
///
/// Unbiased at every sample size, so it suits few samples better than the Fréchet distance.
///
/// Source: Bińkowski et al. 2018, arXiv:1801.01401, section 4.
public struct KernelDistance: Sendable, Equatable {
    /// The most subsets that are drawn.
    public static let largestSubsetCount = 10_000

    /// The estimate without pairs of a row with itself; it may be negative.
    public let value: Double
    /// The estimate with them: larger, and never negative but for rounding.
    public let biased: Double
    /// The kernel that was used.
    public let kernel: PolynomialKernel
    /// How many samples the first set has.
    public let firstCount: Int
    /// How many samples the second set has.
    public let secondCount: Int

    /// Name, direction, range and source.
    public static let description = MeasureDescription(
        name: "kid", title: "Kernel distance (KID)", input: .features, better: .lower,
        range: -Double.infinity...Double.infinity,
        summary: "squared maximum mean discrepancy of two sets of features; 0 if alike, unbiased",
        source: "Bińkowski et al. 2018")

    /// The distance between two whole sets.
    ///
    /// - Parameters:
    ///   - first: From 2 to ``FeatureMatrix/largestPairableCount`` rows.
    ///   - second: Such rows; the counts may differ.
    ///   - kernel: The polynomial of third degree, unless told.
    /// - Throws: ``SampleError`` when dimensions differ, rows are too few or too many, or the
    ///   kernel overflows.
    /// - Complexity: O(rows² · features).
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, kernel: PolynomialKernel = .usual
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        for set in [first, second] { try set.requirePairable(atLeast: 2) }
        let sums = KernelSums(kernel: kernel)
        let (x, y) = (sums.within(first), sums.within(second))
        let (n, m) = (Double(first.count), Double(second.count))
        let across = 2 * sums.across(first, second) / (n * m)
        value = x.different / (n * (n - 1)) + y.different / (m * (m - 1)) - across
        biased = (x.different + x.same) / (n * n) + (y.different + y.same) / (m * m) - across
        guard value.isFinite, biased.isFinite else { throw SampleError.kernelOverflow }
        self.kernel = kernel
        firstCount = first.count
        secondCount = second.count
    }
}

/// `k(a, b) = (scale · a·b + offset)^degree`, the kernel of the kernel distance.
public struct PolynomialKernel: Sendable, Hashable {
    /// The largest exponent that ``init(degree:scale:offset:)`` takes.
    public static let largestDegree = 16

    /// The exponent, from 1 to ``largestDegree``; 3 is usual.
    public let degree: Int
    /// What multiplies the product; nil is 1 / features.
    public let scale: Double?
    /// What is added to the product.
    public let offset: Double

    /// The usual kernel: third degree, scale 1 / features, offset 1.
    public static let usual = PolynomialKernel()

    private init() {
        degree = 3
        scale = nil
        offset = 1
    }

    /// Another kernel.
    ///
    /// - Parameters:
    ///   - degree: From 1 to ``largestDegree``.
    ///   - scale: Finite and above 0, or nil for 1 / features.
    ///   - offset: Finite, 0 or more.
    /// - Throws: ``SampleError/kernel(degree:scale:offset:)``.
    public init(degree: Int, scale: Double? = nil, offset: Double = 1) throws {
        let factor = scale ?? 1
        guard (1...Self.largestDegree).contains(degree), factor > 0, factor.isFinite,
            offset >= 0, offset.isFinite
        else { throw SampleError.kernel(degree: degree, scale: factor, offset: offset) }
        self.degree = degree
        self.scale = scale
        self.offset = offset
    }

    /// The value for a product of two rows.
    @inline(__always)
    func value(_ product: Double, _ scale: Double) -> Double {
        let base = scale * product + offset
        var result = base
        for _ in 1..<degree { result *= base }
        return result
    }
}

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
