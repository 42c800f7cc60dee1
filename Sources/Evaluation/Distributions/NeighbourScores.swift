import Synchronization

/// How far two sets of features cover each other, by nearest neighbours.
///
/// Around each sample lies a ball that reaches to its k-th nearest other sample of the same set.
/// Precision is the share of generated samples inside a real one's ball, recall the share of real
/// samples inside a generated one's ball, density how many real balls a generated sample lies in,
/// over k, and coverage the share of real balls that hold a generated sample. Samples on the
/// surface of a ball are outside it, as in prdc 0.2, or inside it, as in the first paper and in
/// torch-fidelity 0.4.0: that matters for equal distances alone, as between duplicates, whose balls
/// of radius 0 hold nothing or their equals.
///
/// Squared distances are compared, with the exactness of `Σ (aₖ − bₖ)²` in double precision.
///
/// Source: Kynkäänniemi et al. 2019, arXiv:1904.06991 (precision, recall); Naeem et al. 2020,
/// arXiv:2002.09797 (density, coverage); usual k: 3 and 5.
public struct NeighbourScores: Sendable, Equatable {
    /// The share of generated samples that look real, in 0…1.
    public let precision: Double
    /// The share of real samples that could be generated, in 0…1.
    public let recall: Double
    /// Precision that counts every ball; it may exceed 1.
    public let density: Double
    /// The share of real samples with a generated one nearby, in 0…1.
    public let coverage: Double
    /// Which neighbour sets the size of a ball.
    public let neighbour: Int
    /// How many real samples there are.
    public let realCount: Int
    /// How many generated samples there are.
    public let generatedCount: Int

    /// The harmonic mean of precision and recall, 0 where both are 0.
    ///
    /// Source: torch-fidelity 0.4.0, with its least denominator of 1e-5.
    public var fScore: Double { 2 * precision * recall / max(1e-5, precision + recall) }

    /// Compares two sets.
    ///
    /// - Parameters:
    ///   - real: From k + 1 to ``FeatureMatrix/largestPairableCount`` rows.
    ///   - generated: Such rows; the counts may differ.
    ///   - neighbour: k, 1 or more.
    ///   - isClosed: Whether a ball holds the samples on its surface.
    /// - Throws: ``SampleError``.
    /// - Complexity: O(rows² · features).
    public init(
        real: FeatureMatrix, generated: FeatureMatrix, neighbour: Int, isClosed: Bool = false
    ) throws {
        try FeatureMatrix.requireEqualDimensions(real, generated)
        for set in [real, generated] { try set.requirePairable(atLeast: 2) }
        let centre = real.mean
        let x = CentredFeatures(real, about: centre)
        let y = CentredFeatures(generated, about: centre)
        try self.init(
            PairwiseDistances(x, x), PairwiseDistances(y, y), PairwiseDistances(x, y),
            neighbour: neighbour, isClosed: isClosed)
    }

    /// Compares two sets by the distances within the real one, within the generated one, and of the
    /// real rows from the generated ones.
    init(
        _ real: PairwiseDistances, _ generated: PairwiseDistances, _ across: PairwiseDistances,
        neighbour: Int, isClosed: Bool = false
    ) throws {
        realCount = across.first.original.count
        generatedCount = across.second.original.count
        let smallest = min(realCount, generatedCount)
        guard neighbour >= 1, neighbour < smallest else {
            throw SampleError.neighbours(neighbour, smallestSet: smallest)
        }
        let counts = NeighbourCounts(real, generated, across, neighbour, isClosed)
        precision = Double(counts.generatedInside) / Double(generatedCount)
        recall = Double(counts.realInside) / Double(realCount)
        density = Double(counts.memberships) / Double(neighbour) / Double(generatedCount)
        coverage = Double(counts.realBallsUsed) / Double(realCount)
        self.neighbour = neighbour
    }
}

/// The numbers behind the shares.
private struct NeighbourCounts: Sendable {
    /// Generated samples in some real ball.
    private(set) var generatedInside = 0
    /// Real samples in some generated ball.
    private(set) var realInside = 0
    /// Pairs of a real ball and a generated sample inside it.
    private(set) var memberships = 0
    /// Real balls with a generated sample inside.
    private(set) var realBallsUsed = 0

    init(
        _ real: PairwiseDistances, _ generated: PairwiseDistances, _ across: PairwiseDistances,
        _ neighbour: Int, _ isClosed: Bool
    ) {
        // Distances that are not above a radius are below the next number.
        let radii = [real, generated].map { set in
            Self.squaredRadii(set, neighbour).map { isClosed ? $0.nextUp : $0 }
        }
        let (realRadii, generatedRadii) = (radii[0], radii[1])
        let count = generatedRadii.count
        let results = Mutex((counts: self, inside: [Bool](repeating: false, count: count)))
        across.forEachBlock { indices, row in
            var counts = NeighbourCounts()
            var inside: [Int] = []
            for index in indices {
                counts.add(row(index), realRadii[index], generatedRadii, &inside)
            }
            let part = counts
            results.withLock { results in
                results.counts.add(part)
                for column in inside { results.inside[column] = true }
            }
        }
        self = results.withLock { results in
            results.counts.generatedInside = results.inside.count(where: \.self)
            return results.counts
        }
    }

    private init() {}

    private mutating func add(_ other: NeighbourCounts) {
        realInside += other.realInside
        memberships += other.memberships
        realBallsUsed += other.realBallsUsed
    }

    /// Counts one real sample and notes the generated ones inside its ball.
    private mutating func add(
        _ row: PairwiseDistances.Row, _ radius: Double, _ radii: [Double], _ inside: inout [Int]
    ) {
        let before = inside.count
        var isInside = false
        for column in radii.indices {
            if row.isBelow(radius, column) { inside.append(column) }
            if !isInside, row.isBelow(radii[column], column) { isInside = true }
        }
        memberships += inside.count - before
        realBallsUsed += inside.count > before ? 1 : 0
        realInside += isInside ? 1 : 0
    }

    /// The squared distance of each row to its k-th nearest other row.
    private static func squaredRadii(_ set: PairwiseDistances, _ neighbour: Int) -> [Double] {
        let count = set.first.original.count
        var radii = [Double](repeating: 0, count: count)
        radii.withUnsafeMutableBufferPointer { radii in
            nonisolated(unsafe) let radii = radii
            set.forEachBlock { indices, row in
                for index in indices {
                    radii[index] = squaredRadius(row(index), index, count: count, neighbour)
                }
            }
        }
        return radii
    }

    private static func squaredRadius(
        _ row: PairwiseDistances.Row, _ index: Int, count: Int, _ neighbour: Int
    ) -> Double {
        // The radius is at most the k-th smallest of what the distances can be at most.
        var largest = SmallestValues(neighbour)
        for column in 0..<count where column != index {
            let (value, error) = row.estimate(column)
            if value + error < largest.largest { largest.insert(value + error) }
        }
        var exact = SmallestValues(neighbour)
        for column in 0..<count where column != index {
            let (value, error) = row.estimate(column)
            if value - error <= largest.largest { exact.insert(row.exact(column)) }
        }
        return exact.largest
    }
}

extension NeighbourScores {
    /// Precision: name, direction, range and source.
    public static let precisionDescription = MeasureDescription(
        name: "precision", title: "Precision", input: .features, better: .higher, range: 0...1,
        summary: "share of generated samples that lie among real ones",
        source: "Kynkäänniemi et al. 2019, convention of prdc 0.2")

    /// Recall: name, direction, range and source.
    public static let recallDescription = MeasureDescription(
        name: "recall", title: "Recall", input: .features, better: .higher, range: 0...1,
        summary: "share of real samples that lie among generated ones",
        source: "Kynkäänniemi et al. 2019, convention of prdc 0.2")

    /// Density: name, direction, range and source.
    public static let densityDescription = MeasureDescription(
        name: "density", title: "Density", input: .features, better: .higher,
        range: 0...Double.infinity,
        summary: "how densely real samples surround the generated ones; 1 expected if alike",
        source: "Naeem et al. 2020, convention of prdc 0.2")

    /// Coverage: name, direction, range and source.
    public static let coverageDescription = MeasureDescription(
        name: "coverage", title: "Coverage", input: .features, better: .higher, range: 0...1,
        summary: "share of real samples with a generated one nearby",
        source: "Naeem et al. 2020, convention of prdc 0.2")
}
