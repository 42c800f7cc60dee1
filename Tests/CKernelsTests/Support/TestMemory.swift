/// Memory for C structures, freed with its owner.
final class TestMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit { for block in blocks { block.deallocate() } }

    /// A copy of the values at an address that stays.
    func keep<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let place = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
        place.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(place))
        return place
    }
}

/// Numbers behind and between results, which no kernel may touch.
let guardNumber: Float = -12345.5

/// Sets the first elements of a C array in a struct, which Swift sees as a tuple.
func set<Tuple>(_ tuple: inout Tuple, to values: [Int]) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
        let elements = bytes.assumingMemoryBound(to: Int64.self)
        for (index, value) in values.enumerated() { elements[index] = Int64(value) }
    }
}

/// The strides of a dense row-major array.
func denseStrides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
}

/// The index of element number `element` of a row-major array.
func index(of element: Int, in extents: [Int]) -> [Int] {
    var (rest, index) = (element, [Int](repeating: 0, count: extents.count))
    for axis in extents.indices.reversed() {
        index[axis] = rest % extents[axis]
        rest /= extents[axis]
    }
    return index
}

/// The place that strides give to element number `element` of a row-major array.
func place(of element: Int, in extents: [Int], strides: [Int]) -> Int {
    zip(index(of: element, in: extents), strides).map(*).reduce(0, +)
}
