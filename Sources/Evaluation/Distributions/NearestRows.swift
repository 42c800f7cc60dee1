/// The nearest of many rows to each of a few, by Euclidean distance; the many are seen piece by
/// piece, so that they never have to be in memory all at once.
///
/// Distances are those of `Σ (aₖ − bₖ)²` in double precision. Of rows that are equally far the
/// first is nearer.
public struct NearestRows: Sendable {
    /// A row that was seen, and how far it is.
    public struct Neighbour: Sendable, Equatable {
        /// Its number, counted over all pieces.
        public let index: Int
        /// The Euclidean distance.
        public let distance: Double
    }

    /// How many neighbours of each row are kept.
    public let count: Int
    private let rows: CentredFeatures
    private let centre: [Double]
    /// Of each row, ascending, with squared distances.
    private var found: [[Neighbour]]
    private var seen = 0

    /// Begins a search.
    ///
    /// - Parameters:
    ///   - rows: The few rows.
    ///   - count: How many neighbours are kept, 1 or more.
    public init(to rows: FeatureMatrix, count: Int) {
        precondition(count > 0, "a search is for one neighbour or more")
        centre = rows.mean
        self.rows = CentredFeatures(rows, about: centre)
        self.count = count
        found = [[Neighbour]](repeating: [], count: rows.count)
    }

    /// The neighbours found so far of each row, nearest first.
    public var neighbours: [[Neighbour]] {
        found.map { row in
            row.map { Neighbour(index: $0.index, distance: $0.distance.squareRoot()) }
        }
    }

    /// Looks at further rows.
    ///
    /// - Parameters:
    ///   - piece: The rows that are next in number.
    ///   - isExcluded: Whether a row of the many is no neighbour of a row of the few.
    /// - Throws: ``SampleError/dimensionsDiffer(first:second:)``.
    public mutating func add(
        _ piece: FeatureMatrix,
        excluding isExcluded: @Sendable (_ row: Int, _ candidate: Int) -> Bool = { _, _ in false }
    ) throws {
        try FeatureMatrix.requireEqualDimensions(rows.original, piece)
        let table = PairwiseDistances(rows, CentredFeatures(piece, about: centre))
        let (count, seen) = (count, seen)
        found.withUnsafeMutableBufferPointer { found in
            nonisolated(unsafe) let found = found
            table.forEachBlock { indices, row in
                for index in indices {
                    let distances = row(index)
                    for column in 0..<piece.count where !isExcluded(index, seen + column) {
                        let bound =
                            found[index].count < count
                            ? .infinity : found[index][count - 1].distance
                        guard distances.isBelow(bound, column) else { continue }
                        let new = Neighbour(
                            index: seen + column, distance: distances.exact(column))
                        let place =
                            found[index].firstIndex { $0.distance > new.distance }
                            ?? found[index].count
                        found[index].insert(new, at: place)
                        if found[index].count > count { found[index].removeLast() }
                    }
                }
            }
        }
        self.seen += piece.count
    }
}

/// The k smallest of the values that it has seen, in a heap with the largest of them on top.
struct SmallestValues {
    private let capacity: Int
    private var heap: [Double] = []

    /// - Parameter capacity: k, at least 1.
    init(_ capacity: Int) {
        self.capacity = capacity
        heap.reserveCapacity(capacity)
    }

    /// The k-th smallest value; infinity while fewer than k have been seen.
    var largest: Double { heap.count == capacity ? heap[0] : .infinity }

    mutating func insert(_ value: Double) {
        if heap.count < capacity {
            heap.append(value)
            rise(heap.count - 1)
        } else if value < heap[0] {
            heap[0] = value
            sink()
        }
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0, heap[child] > heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
            guard heap[child] > heap[parent] else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
