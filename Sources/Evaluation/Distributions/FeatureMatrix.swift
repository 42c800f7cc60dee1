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
    /// Row-major `[count, dimensions]`.
    let values: [Double]

    /// Features from an array.
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
        let converted = Self.doubles(values)
        if let index = converted.firstIndex(where: { !(abs($0) <= Self.largestMagnitude) }) {
            throw SampleError.valueOutOfRange(row: index / dimensions, column: index % dimensions)
        }
        self.init(converted, columns: dimensions)
    }

    /// The usual types by their own code: that for any type, called from another module, takes
    /// thirty times as long.
    private static func doubles<Scalar: BinaryFloatingPoint>(_ values: [Scalar]) -> [Double] {
        values.withUnsafeBytes { bytes in
            if Scalar.self == Double.self { return Array(bytes.bindMemory(to: Double.self)) }
            if Scalar.self == Float.self {
                return bytes.bindMemory(to: Float.self).map { Double($0) }
            }
            return values.map { Double($0) }
        }
    }

    /// Rows that are known to be valid.
    init(_ values: [Double], columns: Int) {
        count = values.count / columns
        dimensions = columns
        self.values = values
    }

    /// A number of a row.
    public subscript(row: Int, column: Int) -> Double { values[row * dimensions + column] }

    /// The features of one sample, counted from 0: `[dimensions]`.
    func row(_ index: Int) -> ArraySlice<Double> {
        values[index * dimensions..<(index + 1) * dimensions]
    }

    /// The given rows, in the given order.
    func selecting(_ rows: [Int]) -> FeatureMatrix {
        FeatureMatrix(rows.flatMap(row), columns: dimensions)
    }

    /// The first rows.
    func prefix(_ rows: Int) -> FeatureMatrix {
        FeatureMatrix(Array(values.prefix(rows * dimensions)), columns: dimensions)
    }

    /// The mean of the rows.
    var mean: [Double] {
        var sums = [Double](repeating: 0, count: dimensions)
        for index in 0..<count {
            for (column, value) in row(index).enumerated() { sums[column] += value }
        }
        return sums.map { $0 / Double(count) }
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
