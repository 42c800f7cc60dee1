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
