/// A dense row-major array in double precision: what the reference executor computes with.
public struct ReferenceTensor: Hashable, Sendable {
    /// The extents.
    public let shape: Shape
    /// The elements in row-major order.
    public var values: [Double]

    /// An array from its elements in row-major order.
    public init(shape: Shape, values: [Double]) {
        self.shape = shape
        self.values = values
    }

    /// An array whose element number i is `element(i)`.
    package init(_ shape: Shape, element: (Int) -> Double) {
        self.init(shape: shape, values: (0..<shape.count).map(element))
    }

    /// The elements at `offset` plus the product of each index with `strides`.
    package func gathered(_ shape: Shape, strides: [Int], offset: Int = 0) -> ReferenceTensor {
        var result = [Double](repeating: 0, count: shape.count)
        shape.forEachIndex { element, index in
            result[element] = values[offset + zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }]
        }
        return ReferenceTensor(shape: shape, values: result)
    }
}

extension Shape {
    /// Calls `body` with the number and the index of each element in row-major order.
    package func forEachIndex(_ body: (Int, [Int]) -> Void) {
        var index = [Int](repeating: 0, count: rank)
        for element in 0..<count {
            body(element, index)
            var axis = rank - 1
            while axis >= 0 {
                index[axis] += 1
                if index[axis] < dimensions[axis] { break }
                index[axis] = 0
                axis -= 1
            }
        }
    }
}
