/// The sizes that a shape stands for, checked, since shapes come from files of others.
package enum TensorLayout {
    /// The number of elements of a shape, or nil when it has no meaning: a negative size, too many
    /// dimensions or a product beyond 63 bits.
    package static func elementCount(of shape: [Int]) -> Int? {
        guard shape.count <= ArrayLimits.rank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// The number of bytes of a tensor, or nil as for ``elementCount(of:)``.
    package static func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
        guard let count = elementCount(of: shape) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
        return overflow ? nil : bytes
    }

    /// Numbers brought to the order in which the last dimension varies fastest.
    ///
    /// - Parameters:
    ///   - values: At least one number.
    ///   - shape: The sizes of the dimensions wanted.
    ///   - strides: How far apart neighbours along each dimension lie in `values`.
    package static func strided<Scalar>(
        _ values: [Scalar], shape: [Int], strides: [Int]
    ) -> [Scalar] {
        guard let (width, step) = shape.last.map({ ($0, strides[shape.count - 1]) }) else {
            return values
        }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var result: [Scalar] = []
        result.reserveCapacity(shape.reduce(1, *))
        var start = 0
        while true {
            for place in 0..<width { result.append(values[start + place * step]) }
            // Count up, the last of the other dimensions first.
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                start += strides[axis]
                if index[axis] < shape[axis] { break }
                start -= shape[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return result }
        }
    }
}
