/// A box of the operand, every `strides`-th element along each axis.
package struct Slice: Operation {
    package let starts: [Int]
    package let limits: [Int]
    package let strides: [Int]
    package var name: String { "slice" }
    package var attributes: String { "\(starts) to \(limits) by \(strides)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let rank = operands[0].rank
        let fits =
            starts.count == rank && limits.count == rank && strides.count == rank
            && (0..<rank).allSatisfy {
                0 <= starts[$0] && starts[$0] <= limits[$0] && limits[$0] <= operands[0][$0]
                    && strides[$0] > 0
            }
        try expect(fits, "\(starts) to \(limits) by \(strides) is not inside \(operands[0])")
        return Shape((0..<rank).map { (limits[$0] - starts[$0] + strides[$0] - 1) / strides[$0] })
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let high = output.shape.dimensions.indices.map { axis in
            let extent = output.shape[axis]
            let covered = extent == 0 ? 0 : (extent - 1) * strides[axis] + 1
            return operands[0].shape[axis] - starts[axis] - covered
        }
        return [cotangent.padded(low: starts, high: high, interior: strides.map { $0 - 1 })]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let source = operands[0].shape.strides
        let shape = Shape(
            starts.indices.map { (limits[$0] - starts[$0] + strides[$0] - 1) / strides[$0] })
        return operands[0].gathered(
            shape, strides: zip(source, strides).map(*),
            offset: zip(source, starts).map(*).reduce(0, +))
    }
}

/// Zeros around the operand, and `interior` of them between its neighbours, along each axis.
package struct Pad: Operation {
    package let low: [Int]
    package let high: [Int]
    package let interior: [Int]
    package var name: String { "pad" }
    package var attributes: String { "\(low) \(high) interior \(interior)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let rank = operands[0].rank
        try expect(
            [low, high, interior].allSatisfy { $0.count == rank && $0.allSatisfy { $0 >= 0 } },
            "low \(low), high \(high) and interior \(interior) do not fit \(operands[0])")
        return Shape(
            (0..<rank).map { axis in
                let extent = operands[0][axis]
                return low[axis] + high[axis] + extent + max(extent - 1, 0) * interior[axis]
            })
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let limits = low.indices.map { output.shape[$0] - high[$0] }
        return [cotangent.sliced(from: low, to: limits, by: interior.map { $0 + 1 })]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let source = operands[0]
        let target = (try? shape([source.shape])) ?? []
        let strides = target.strides
        var result = ReferenceTensor(target) { _ in 0 }
        source.shape.forEachIndex { element, index in
            let place = index.indices.reduce(0) {
                $0 + (low[$1] + index[$1] * (interior[$1] + 1)) * strides[$1]
            }
            result.values[place] = source.values[element]
        }
        return result
    }
}

/// Operands one after the other along an axis.
package struct Concatenate: Operation {
    package let axis: Int
    package var name: String { "concatenate" }
    package var attributes: String { "axis \(axis)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let first = operands[0]
        try expect(first.dimensions.indices.contains(axis), "axis \(axis) is not in shape \(first)")
        for other in operands.dropFirst() {
            try expect(
                other.rank == first.rank && other.removing([axis]) == first.removing([axis]),
                "the shapes \(first) and \(other) differ outside axis \(axis)")
        }
        var extents = first.dimensions
        extents[axis] = operands.map { $0[axis] }.reduce(0, +)
        return Shape(extents)
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        var start = 0
        return operands.map { operand in
            defer { start += operand.shape[axis] }
            return cotangent.sliced(axis: axis, start..<start + operand.shape[axis])
        }
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let outer = operands[0].shape.dimensions[..<axis].reduce(1, *)
        let target = (try? shape(operands.map(\.shape))) ?? []
        var values: [Double] = []
        for row in 0..<outer {
            for operand in operands {
                let length = operand.values.count / max(outer, 1)
                values += operand.values[row * length..<(row + 1) * length]
            }
        }
        return ReferenceTensor(shape: target, values: values)
    }
}

extension Tensor {
    /// The box `from ..< to` with every `by`-th element along each axis.
    public func sliced(from starts: [Int], to limits: [Int], by strides: [Int]? = nil) -> Tensor {
        let strides = strides ?? starts.map { _ in 1 }
        return .apply(Slice(starts: starts, limits: limits, strides: strides), self)
    }

    /// The elements whose index along `axis` is in `range`.
    public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
        guard shape.dimensions.indices.contains(axis) else {
            return .invalid("axis \(axis) is not in shape \(shape)", from: self)
        }
        var (starts, limits) = (shape.dimensions.map { _ in 0 }, shape.dimensions)
        (starts[axis], limits[axis]) = (range.lowerBound, range.upperBound)
        return sliced(from: starts, to: limits)
    }

    /// Zeros before, after and between the elements along each axis.
    public func padded(low: [Int], high: [Int], interior: [Int]? = nil) -> Tensor {
        .apply(Pad(low: low, high: high, interior: interior ?? low.map { _ in 0 }), self)
    }

    /// Tensors one after the other along `axis`; at least one.
    public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        guard !tensors.isEmpty else { return .invalid("nothing to concatenate") }
        return .apply(Concatenate(axis: axis), operands: tensors)
    }
}
