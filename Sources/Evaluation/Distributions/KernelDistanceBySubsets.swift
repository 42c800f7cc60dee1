public import Philox

/// The kernel distance as it is usually reported: the mean over random subsets.
///
/// Source: Bińkowski et al. 2018, arXiv:1801.01401; usually 100 subsets of 1000.
public struct KernelDistanceBySubsets: Sendable, Equatable {
    /// The unbiased distance of each pair of subsets.
    public let values: [Double]
    /// Their mean.
    public let mean: Double
    /// Their standard deviation with divisor S, the number of subsets, as it is published.
    public let standardDeviation: Double
    /// The standard error of the mean, for the luck of the samples and that of the draw: `s · √(q /
    /// (n − q) + 1 / S)`, with the standard deviation s of divisor S − 1, subsets of q, and n rows
    /// in the smaller set. Where q is n, subsets say nothing of the luck of the samples: then it is
    /// `√(e² + s² / S)` with the ``KernelDistance/standardError`` e of the whole sets. Nil for one
    /// smaller subset, and for whole sets below four rows.
    ///
    /// Source: Shao and Wu 1989, "A general theory for jackknife variance estimation", section 2,
    /// for the first term.
    public let standardError: Double?
    /// How many rows each subset has.
    public let subsetSize: Int
    /// The kernel that was used.
    public let kernel: PolynomialKernel
    /// How many samples the first set has.
    public let firstCount: Int
    /// How many samples the second set has.
    public let secondCount: Int

    /// Draws subsets without replacement, anew for each pair.
    ///
    /// - Parameters:
    ///   - first: Features of one side.
    ///   - second: Features of the other side; the counts may differ.
    ///   - subsets: From 1 to ``KernelDistance/largestSubsetCount``.
    ///   - size: From 2 to the smaller count.
    ///   - kernel: The polynomial of third degree, unless told.
    ///   - random: Where the subsets come from; the same stream gives the same subsets.
    ///   - memory: What it may take.
    /// - Throws: ``SampleError``.
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, subsets: Int = 100, size: Int = 1000,
        kernel: PolynomialKernel = .usual, using random: inout RandomStream,
        memory: WorkingMemory = .available
    ) throws {
        try FeatureMatrix.requireEqualDimensions(first, second)
        try Self.require(subsets, size, first.count, second.count)
        let matrices =
            KernelMatrices.isWorthwhile(first, second, subsets: subsets, size: size, memory)
            ? KernelMatrices(first, second, kernel: kernel) : nil
        let values = try Self.drawn(
            subsets, size, first.count, second.count, using: &random
        ) { x, y in
            try matrices?.distance(x, y)
                ?? KernelDistance(first.selecting(x), second.selecting(y), kernel: kernel).value
        }
        let whole =
            size == min(first.count, second.count)
            ? try KernelDistance(first, second, kernel: kernel).standardError : nil
        self.init(values, size, kernel, first.count, second.count, whole: whole)
    }

    /// Draws 100 subsets of 1000 rows, or of as many as there are.
    ///
    /// - Parameters:
    ///   - first: Features of one side.
    ///   - second: Features of the other side; the counts may differ.
    ///   - seed: What the subsets are a function of.
    /// - Throws: ``SampleError``.
    public init(_ first: FeatureMatrix, _ second: FeatureMatrix, seed: UInt64) throws {
        var random = RandomStream(seed: seed, stream: 0)
        try self.init(
            first, second, size: min(1000, first.count, second.count), using: &random)
    }

    /// Draws subsets of sets whose kernel is known.
    init(
        _ matrices: KernelMatrices, subsets: Int, size: Int, using random: inout RandomStream
    ) throws {
        let (n, m) = (matrices.firstCount, matrices.secondCount)
        try Self.require(subsets, size, n, m)
        let values = try Self.drawn(subsets, size, n, m, using: &random) {
            try matrices.distance($0, $1)
        }
        self.init(values, size, matrices.kernel, n, m)
    }

    /// Refuses subsets that cannot be drawn.
    private static func require(_ subsets: Int, _ size: Int, _ first: Int, _ second: Int) throws {
        let smallest = min(first, second)
        guard (1...KernelDistance.largestSubsetCount).contains(subsets), size >= 2,
            size <= smallest
        else {
            throw SampleError.subsets(count: subsets, size: size, smallestSet: smallest)
        }
    }

    /// The distance of each pair of subsets, by the numbers of their rows.
    private static func drawn(
        _ subsets: Int, _ size: Int, _ first: Int, _ second: Int,
        using random: inout RandomStream, _ distance: ([Int], [Int]) throws -> Double
    ) throws -> [Double] {
        var (chooserX, chooserY) = (SubsetChooser(first), SubsetChooser(second))
        return try (0..<subsets).map { _ in
            try distance(
                chooserX.next(size, using: &random), chooserY.next(size, using: &random))
        }
    }

    /// Takes the given rows of each side as subsets, all of one size.
    package init(
        _ first: FeatureMatrix, rows firstRows: [[Int]], _ second: FeatureMatrix,
        rows secondRows: [[Int]], kernel: PolynomialKernel = .usual
    ) throws {
        let values = try zip(firstRows, secondRows).map { x, y in
            try KernelDistance(first.selecting(x), second.selecting(y), kernel: kernel).value
        }
        self.init(values, firstRows.first?.count ?? 0, kernel, first.count, second.count)
    }

    private init(
        _ values: [Double], _ size: Int, _ kernel: PolynomialKernel, _ firstCount: Int,
        _ secondCount: Int, whole: Double? = nil
    ) {
        self.values = values
        // Subsets that are the whole sets have one value; its mean is not to be rounded.
        let one = values.first ?? 0
        let mean = values.allSatisfy { $0 == one } ? one : values.mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let count = Double(values.count)
        self.mean = mean
        standardDeviation = (squares / count).squareRoot()
        let spare = Double(min(firstCount, secondCount) - size)
        if spare > 0 {
            standardError =
                count > 1
                ? (squares / (count - 1) * (Double(size) / spare + 1 / count)).squareRoot() : nil
        } else {
            let draw = squares / max(count - 1, 1) / count
            standardError = whole.map { ($0 * $0 + draw).squareRoot() }
        }
        subsetSize = size
        self.kernel = kernel
        self.firstCount = firstCount
        self.secondCount = secondCount
    }
}

/// Draws some of 0..<count without replacement, as often as asked.
struct SubsetChooser {
    private var order: [Int]

    init(_ count: Int) { order = Array(0..<count) }

    /// The first steps of a Fisher–Yates shuffle: unbiased from any order of the rest; ascending,
    /// so that the same rows give the same bits.
    mutating func next(_ size: Int, using random: inout RandomStream) -> [Int] {
        for index in 0..<size {
            order.swapAt(index, Int.random(in: index..<order.count, using: &random))
        }
        return order.prefix(size).sorted()
    }
}
