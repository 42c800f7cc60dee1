/// The squared maximum mean discrepancy between two sets of features: the kernel inception
/// distance, KID.
///
/// Unbiased at every sample size, so it suits few samples better than the Fréchet distance.
///
/// Its variance is the sum of those of five parts that do not correlate: what each sample of a side
/// adds by itself, what pairs within a side add, and what pairs across add. Each is estimated
/// without bias from sums of the kernel over rows, so that the error is right where the sets are
/// alike, when only the pairs count, as well as where they differ. What samples add by themselves
/// is taken as zero where its estimate is negative, which makes the error of equal distributions a
/// little too large.
///
/// Source: Bińkowski et al. 2018, arXiv:1801.01401, section 4; Hoeffding 1948 for the parts;
/// Székely and Rizzo 2014, arXiv:1310.2926, for the estimate of those of pairs within a side.
public struct KernelDistance: Sendable, Equatable {
    /// The most subsets that are drawn.
    public static let largestSubsetCount = 10_000

    /// The estimate without pairs of a row with itself; it may be negative.
    public let value: Double
    /// The estimate with them: larger, and never negative but for rounding.
    public let biased: Double
    /// The standard error of ``value``, for the luck of the samples; nil below four rows on a side.
    ///
    /// See ``KernelDistance`` for how it is estimated.
    public let standardError: Double?
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
        let products = sums.across(first, second)
        let across = 2 * products.total / (n * m)
        value = x.total / (n * (n - 1)) + y.total / (m * (m - 1)) - across
        biased = (x.total + x.same) / (n * n) + (y.total + y.same) / (m * m) - across
        standardError = KernelMoments.variance(x, y, products).map { $0.squareRoot() }
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
