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
    /// The standard error of the mean, as if the subsets were independent: the standard deviation
    /// with divisor S − 1, over √S. Nil for one subset.
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
    /// - Throws: ``SampleError``.
    public init(
        _ first: FeatureMatrix, _ second: FeatureMatrix, subsets: Int = 100, size: Int = 1000,
        kernel: PolynomialKernel = .usual, using random: inout RandomStream
    ) throws {
        let smallest = min(first.count, second.count)
        guard (1...KernelDistance.largestSubsetCount).contains(subsets), size >= 2,
            size <= smallest
        else {
            throw SampleError.subsets(count: subsets, size: size, smallestSet: smallest)
        }
        var (chooserX, chooserY) = (SubsetChooser(first.count), SubsetChooser(second.count))
        var values: [Double] = []
        for _ in 0..<subsets {
            let x = first.selecting(chooserX.next(size, using: &random))
            let y = second.selecting(chooserY.next(size, using: &random))
            values.append(try KernelDistance(x, y, kernel: kernel).value)
        }
        self.init(values, size, kernel, first.count, second.count)
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
        _ secondCount: Int
    ) {
        self.values = values
        let mean = values.mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let count = Double(values.count)
        self.mean = mean
        standardDeviation = (squares / count).squareRoot()
        standardError = count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
        subsetSize = size
        self.kernel = kernel
        self.firstCount = firstCount
        self.secondCount = secondCount
    }
}

/// Draws some of 0..<count without replacement, as often as asked.
private struct SubsetChooser {
    private var order: [Int]

    init(_ count: Int) { order = Array(0..<count) }

    /// The first steps of a Fisher–Yates shuffle: unbiased from any order of the rest.
    mutating func next(_ size: Int, using random: inout RandomStream) -> [Int] {
        for index in 0..<size {
            order.swapAt(index, Int.random(in: index..<order.count, using: &random))
        }
        return Array(order.prefix(size))
    }
}
