/// Rows of numbers, one per sample: features from any extractor, or the samples themselves.
///
/// Values of measures are comparable only when all features come from the same extractor.
public struct FeatureMatrix: Sendable, Equatable {
    /// The largest magnitude of a number, so that no sum of squares overflows.
    public static let largestMagnitude = 1e100

    /// How many rows there are, at least one.
    public let count: Int
    /// How many numbers a row has, at least one.
    public let dimensions: Int
    private let numbers: Numbers

    /// Row-major `[count, dimensions]`, in the precision that they were given in: features of
    /// networks take half the memory.
    private enum Numbers: Equatable {
        case singles([Float])
        case doubles([Double])
    }

    /// Features from an array; numbers in single precision are kept so, and computed with in
    /// double precision.
    ///
    /// - Parameters:
    ///   - values: Row-major `[count, dimensions]`, each within ± ``largestMagnitude``.
    ///   - dimensions: 1 or more.
    /// - Throws: ``SampleError`` when there is no row, when the values do not make whole rows, or
    ///   when one is NaN or too large.
    public init<Scalar: BinaryFloatingPoint>(_ values: [Scalar], dimensions: Int) throws {
        guard dimensions > 0 else { throw SampleError.dimensions(dimensions) }
        guard !values.isEmpty else { throw SampleError.empty }
        guard values.count.isMultiple(of: dimensions) else {
            throw SampleError.unevenRows(values: values.count, dimensions: dimensions)
        }
        let numbers = Self.kept(values)
        if let index = Self.firstOutOfRange(numbers) {
            throw SampleError.valueOutOfRange(row: index / dimensions, column: index % dimensions)
        }
        count = values.count / dimensions
        self.dimensions = dimensions
        self.numbers = numbers
    }

    /// The same array where its type is one of the two: a cast would look at each number.
    private static func kept<Scalar: BinaryFloatingPoint>(_ values: [Scalar]) -> Numbers {
        if Scalar.self == Float.self { return .singles(unsafeBitCast(values, to: [Float].self)) }
        if Scalar.self == Double.self { return .doubles(unsafeBitCast(values, to: [Double].self)) }
        return .doubles(values.map { Double($0) })
    }

    private static func firstOutOfRange(_ numbers: Numbers) -> Int? {
        switch numbers {
        case .singles(let values): values.firstIndex { !$0.isFinite }
        case .doubles(let values): values.firstIndex { !(abs($0) <= largestMagnitude) }
        }
    }

    /// Rows that are known to be valid.
    init(_ values: [Double], columns: Int) {
        count = values.count / columns
        dimensions = columns
        numbers = .doubles(values)
    }

    private init(_ count: Int, _ dimensions: Int, _ numbers: Numbers) {
        (self.count, self.dimensions, self.numbers) = (count, dimensions, numbers)
    }

    /// A number of a row.
    public subscript(row: Int, column: Int) -> Double {
        let place = row * dimensions + column
        return switch numbers {
        case .singles(let values): Double(values[place])
        case .doubles(let values): values[place]
        }
    }

    /// The features of one sample, counted from 0: `[dimensions]`.
    func row(_ index: Int) -> ArraySlice<Double> {
        let places = index * dimensions..<(index + 1) * dimensions
        return switch numbers {
        case .singles(let values): values[places].map { Double($0) }[...]
        case .doubles(let values): values[places]
        }
    }

    /// All numbers, row-major.
    var doubles: [Double] {
        switch numbers {
        case .singles(let values): values.map { Double($0) }
        case .doubles(let values): values
        }
    }

    /// Copies some rows, row-major.
    func copy(_ rows: Range<Int>, to target: UnsafeMutablePointer<Double>) {
        let start = rows.lowerBound * dimensions
        switch numbers {
        case .singles(let values):
            values.withUnsafeBufferPointer { values in
                for index in 0..<rows.count * dimensions {
                    target[index] = Double(values[start + index])
                }
            }
        case .doubles(let values):
            values.withUnsafeBufferPointer {
                target.update(from: $0.baseAddress! + start, count: rows.count * dimensions)
            }
        }
    }

    /// Calls `body` with some rows in double precision, row-major.
    func withDoubles<Result>(
        of rows: Range<Int>, _ body: (UnsafePointer<Double>) throws -> Result
    ) rethrows -> Result {
        if case .doubles(let values) = numbers {
            return try values.withUnsafeBufferPointer {
                try body($0.baseAddress! + rows.lowerBound * dimensions)
            }
        }
        return try withUnsafeTemporaryAllocation(
            of: Double.self, capacity: rows.count * dimensions
        ) { doubles in
            copy(rows, to: doubles.baseAddress!)
            return try body(doubles.baseAddress!)
        }
    }

    /// Consecutive parts of some rows, of `size` rows each, the last one shorter.
    func pieces(of rows: Range<Int>, size: Int) -> some Sequence<Range<Int>> {
        stride(from: rows.lowerBound, to: rows.upperBound, by: size).lazy.map {
            $0..<Swift.min($0 + size, rows.upperBound)
        }
    }

    /// The given rows, in the given order.
    func selecting(_ rows: [Int]) -> FeatureMatrix {
        func taken<Scalar>(_ values: [Scalar]) -> [Scalar] {
            var result: [Scalar] = []
            result.reserveCapacity(rows.count * dimensions)
            for row in rows {
                result.append(contentsOf: values[row * dimensions..<(row + 1) * dimensions])
            }
            return result
        }
        return switch numbers {
        case .singles(let values):
            FeatureMatrix(rows.count, dimensions, .singles(taken(values)))
        case .doubles(let values):
            FeatureMatrix(rows.count, dimensions, .doubles(taken(values)))
        }
    }

    /// The first rows.
    func prefix(_ rows: Int) -> FeatureMatrix { selecting(Array(0..<rows)) }

    /// The mean of the rows.
    var mean: [Double] {
        var sums = [Double](repeating: 0, count: dimensions)
        for piece in pieces(of: 0..<count, size: 64) {
            withDoubles(of: piece) { rows in
                for row in 0..<piece.count {
                    for column in 0..<dimensions { sums[column] += rows[row * dimensions + column] }
                }
            }
        }
        return sums.map { $0 / Double(count) }
    }

    /// The rows less a row, in double precision.
    func subtracting(_ centre: [Double]) -> FeatureMatrix {
        var shifted = doubles
        for row in 0..<count {
            for column in 0..<dimensions { shifted[row * dimensions + column] -= centre[column] }
        }
        return FeatureMatrix(shifted, columns: dimensions)
    }

    /// Throws unless two sets have the same dimensions.
    static func requireEqualDimensions(_ x: FeatureMatrix, _ y: FeatureMatrix) throws {
        guard x.dimensions == y.dimensions else {
            throw SampleError.dimensionsDiffer(first: x.dimensions, second: y.dimensions)
        }
    }

    /// Throws unless all pairs of rows can be compared in reasonable time.
    func requirePairable(atLeast least: Int) throws {
        guard count >= least else { throw SampleError.tooFewRows(found: count, needed: least) }
        guard count <= Self.largestPairableCount else { throw SampleError.tooManyRows(count) }
    }

    /// The most rows of which all pairs are compared.
    public static let largestPairableCount = 100_000
}
