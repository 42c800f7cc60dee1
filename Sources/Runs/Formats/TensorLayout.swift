/// The sizes that a shape stands for, checked, since shapes come from files of others.
enum TensorLayout {
    /// The most numbers that are read as one tensor: 8 GiB in single precision.
    ///
    /// A file with holes can claim any size at no cost to its author, and memory that cannot be
    /// had ends the process.
    static let largestCount = 1 << 31
    /// The most dimensions a tensor may have, as in NumPy.
    static let largestRank = 64

    /// The number of elements of a shape, or nil when it has no meaning: a negative size, too many
    /// dimensions or a product beyond 63 bits.
    static func elementCount(of shape: [Int]) -> Int? {
        guard shape.count <= largestRank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// The number of bytes of a tensor, or nil as for ``elementCount(of:)``.
    static func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
        guard let count = elementCount(of: shape) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
        return overflow ? nil : bytes
    }
}
