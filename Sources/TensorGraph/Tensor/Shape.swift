/// The extent of a tensor along each of its axes; `[]` is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Extents, outermost axis first; the last axis is contiguous in memory.
    public let dimensions: [Int]

    /// A shape from its extents, each at least zero.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    /// A shape from its extents, each at least zero: `[64, 28, 28, 1]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of all extents, 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extent along `axis`, 0 ≤ axis < rank.
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// The extents in brackets: `[64, 28, 28, 1]`.
    public var description: String { dimensions.description }

    /// Elements between neighbours along each axis of a dense row-major array.
    package var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The extents of all axes but those in `axes`.
    package func removing(_ axes: [Int]) -> Shape {
        Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
    }

    /// NumPy's rule: extents are aligned at the end and 1 stretches; nil where they do not fit.
    package func broadcast(with other: Shape) -> Shape? {
        var result: [Int] = []
        for back in 1...max(rank, other.rank, 1) where back <= max(rank, other.rank) {
            let left = back <= rank ? dimensions[rank - back] : 1
            let right = back <= other.rank ? other.dimensions[other.rank - back] : 1
            guard left == right || left == 1 || right == 1 else { return nil }
            result.append(left == 1 ? right : left)
        }
        return Shape(result.reversed())
    }
}
