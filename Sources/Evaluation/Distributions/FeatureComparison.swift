public import Philox

/// Real samples that several sets of generated ones are compared with.
public struct ReferenceFeatures: Sendable {
    /// How many samples there are.
    public var count: Int { features.count }
    fileprivate let features: FeatureMatrix
    fileprivate let centre: [Double]
    fileprivate let set: CentredSet
    fileprivate let within: PairProducts

    /// Prepares a set of 2 or more rows.
    ///
    /// - Throws: ``SampleError`` where there are too few rows or too many.
    public init(_ features: FeatureMatrix) throws {
        try features.requirePairable(atLeast: 2)
        self.features = features
        centre = features.mean
        set = CentredSet(features, about: centre)
        within = PairProducts(within: set.rows)
    }
}

/// Samples less a centre, for products in double precision and for distances.
private struct CentredSet: Sendable {
    let rows: FeatureMatrix
    let distances: CentredFeatures

    init(_ features: FeatureMatrix, about centre: [Double]) {
        rows = features.subtracting(centre)
        distances = CentredFeatures(features, about: centre)
    }
}

/// Several measures of generated samples beside real ones, from one set of dot products.
///
/// With thousands of features, as pixels are, the products of all pairs of samples are nearly all
/// the work; the distances, the kernel and the covariances are made of them. Equal to the measures
/// one by one, up to rounding.
public struct FeatureComparison: Sendable {
    private let real: ReferenceFeatures
    private let generated: CentredSet
    private let within: PairProducts
    /// `[real, generated]`.
    private let across: PairProducts

    /// Takes the products of all pairs.
    ///
    /// - Throws: ``SampleError`` where dimensions differ, or rows are too few or too many.
    public init(_ generated: FeatureMatrix, with real: ReferenceFeatures) throws {
        try FeatureMatrix.requireEqualDimensions(generated, real.features)
        try generated.requirePairable(atLeast: 2)
        self.real = real
        self.generated = CentredSet(generated, about: real.centre)
        within = PairProducts(within: self.generated.rows)
        across = PairProducts(real.set.rows, self.generated.rows)
    }

    /// The bytes that all of this takes at most, the features of both sides included.
    public static func bytes(generated: Int, real: Int, dimensions: Int) -> Int {
        // As they are and as a kernel of them.
        let products = 2 * (generated * generated + generated * real + real * real)
        return 8 * (2 * (generated + real) * dimensions + products)
            + NuclearNorm.bytes(rows: min(generated, real))
    }

    /// The Fréchet distance.
    public var frechetDistance: FrechetDistance {
        let (x, y) = (spread(of: generated), spread(of: real.set))
        let divisor =
            Double(generated.rows.count - 1).squareRoot() * Double(real.count - 1).squareRoot()
        return FrechetDistance(x, y, rootTrace: across.centredNuclearNorm() / divisor)
    }

    private func spread(of set: CentredSet) -> FrechetDistance.Spread {
        let mean = set.rows.mean
        let count = Double(set.rows.count)
        let offset = mean.reduce(0) { $0 + $1 * $1 }
        let squares = set.distances.norms.reduce(0, +) - count * offset
        return FrechetDistance.Spread(
            count: set.rows.count, mean: mean, trace: max(0, squares) / (count - 1))
    }

    /// The kernel distance by random subsets.
    ///
    /// - Throws: ``SampleError``.
    public func kernelDistance(
        subsets: Int, size: Int, using random: inout RandomStream
    ) throws -> KernelDistanceBySubsets {
        let offsets = (0..<2).map { side in
            let set = side == 0 ? generated : real.set
            return (0..<set.rows.count).map { dot(set.rows.row($0), real.centre) }
        }
        let square = dot(real.centre[...], real.centre)
        let products = { (products: PairProducts, first: Int, second: Int) in
            let (x, y) = (offsets[first], offsets[second])
            var whole = products
            whole.transform { row, column, value in value + x[row] + y[column] + square }
            return whole
        }
        return try KernelDistanceBySubsets(
            KernelMatrices(
                products(within, 0, 0), products(real.within, 1, 1), products(across, 1, 0),
                kernel: .usual, dimensions: real.centre.count),
            subsets: subsets, size: size, using: &random)
    }

    /// Precision, recall, density and coverage.
    ///
    /// - Parameter neighbour: k, 1 or more.
    /// - Throws: ``SampleError/neighbours(_:smallestSet:)``.
    public func neighbourScores(_ neighbour: Int) throws -> NeighbourScores {
        try NeighbourScores(
            PairwiseDistances(real.set.distances, real.set.distances, products: real.within),
            PairwiseDistances(generated.distances, generated.distances, products: within),
            PairwiseDistances(real.set.distances, generated.distances, products: across),
            neighbour: neighbour)
    }

    private func dot(_ x: ArraySlice<Double>, _ y: [Double]) -> Double {
        zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
