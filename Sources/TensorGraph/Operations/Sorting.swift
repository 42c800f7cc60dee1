/// Numbers moved within groups of neighbours as sorting their keys from the largest down moves
/// these, or moved back.
///
/// Keys that are equal keep their order, and those that are not numbers come last. StableHLO's
/// `sort` with two operands is the one, and with the place of each key as its own first operand the
/// other.
package struct Arrange: Operation {
    /// The most neighbours in a group.
    package static let largestGroup = 4096

    /// Neighbours along the last axis that are ordered among themselves.
    package let group: Int
    /// Whether the numbers go from their place in the order back to that of the key.
    package let isInverse: Bool

    package init(group: Int, isInverse: Bool = false) {
        (self.group, self.isInverse) = (group, isInverse)
    }

    package var name: String { isInverse ? "unsort" : "sort" }
    package var attributes: String { "groups of \(group)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            operands[0] == operands[1], "the shapes \(operands[0]) and \(operands[1]) differ")
        let last = operands[0].dimensions.last ?? 0
        try expect(
            (1...Self.largestGroup).contains(group) && last.isMultiple(of: group)
                && operands[0].rank > 0,
            "groups of \(group) do not divide the last axis of \(operands[0])")
        return operands[0]
    }

    /// A permutation of the numbers, whose transpose is its inverse; constant in the keys.
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [nil, .apply(Arrange(group: group, isInverse: !isInverse), operands[0], cotangent)]
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (keys, numbers) = (operands[0].values, operands[1].values)
        var result = numbers
        for start in stride(from: 0, to: keys.count, by: group) {
            // Places break ties, since Swift promises no stable sort.
            let order = (start..<start + group).sorted {
                let (a, b) = (keys[$0], keys[$1])
                if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? $0 < $1 : b.isNaN }
                return a > b || a == b && $0 < $1
            }
            for (place, source) in order.enumerated() {
                if isInverse {
                    result[source] = numbers[start + place]
                } else {
                    result[start + place] = numbers[source]
                }
            }
        }
        return ReferenceTensor(shape: operands[0].shape, values: result)
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { output.count }
}

extension Tensor {
    /// The numbers sorted from the largest down within groups of neighbours along the last axis.
    ///
    /// Numbers that are equal keep their order, also in the derivative, which is a permutation.
    ///
    /// - Parameter group: A divisor of the last axis, at most 4096.
    public func sorted(inGroupsOf group: Int) -> Tensor {
        .apply(Arrange(group: group), self, self)
    }
}
