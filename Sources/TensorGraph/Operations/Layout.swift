/// The same elements in row-major order under another shape.
package struct ChangeShape: Operation {
    package let target: Shape
    package var name: String { "reshape" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            operands[0].count == target.count,
            "\(operands[0]) has \(operands[0].count) elements and \(target) has \(target.count)")
        return target
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [cotangent.reshaped(operands[0].shape)]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        ReferenceTensor(shape: target, values: operands[0].values)
    }
}

/// Axes in another order: axis i of the result is axis `permutation[i]` of the operand.
package struct Transpose: Operation {
    package let permutation: [Int]
    package var name: String { "transpose" }
    package var attributes: String { "\(permutation)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            permutation.sorted() == Array(0..<operands[0].rank),
            "\(permutation) is not an order of the axes of \(operands[0])")
        return Shape(permutation.map { operands[0][$0] })
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let inverse = permutation.indices.sorted { permutation[$0] < permutation[$1] }
        return [cotangent.transposed(inverse)]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let source = operands[0]
        let sourceStrides = source.shape.strides
        let strides = permutation.map { sourceStrides[$0] }
        return source.gathered(Shape(permutation.map { source.shape[$0] }), strides: strides)
    }
}

/// Copies along new axes: axis i of the operand becomes axis `axes[i]` of the result.
package struct Broadcast: Operation {
    package let target: Shape
    package let axes: [Int]
    package var name: String { "broadcast_in_dim" }
    package var attributes: String { "axes \(axes)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let fits =
            axes.count == operands[0].rank
            && zip(axes, axes.dropFirst()).allSatisfy { $0 < $1 }
            && axes.allSatisfy(target.dimensions.indices.contains)
            && zip(axes, operands[0].dimensions).allSatisfy { target[$0] == $1 }
        try expect(
            fits, "the shape \(operands[0]) cannot be repeated to \(target) along axes \(axes)")
        return target
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [cotangent.sum(along: target.dimensions.indices.filter { !axes.contains($0) })]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        var strides = [Int](repeating: 0, count: target.rank)
        for (axis, stride) in zip(axes, operands[0].shape.strides) { strides[axis] = stride }
        return operands[0].gathered(target, strides: strides)
    }
}

extension Tensor {
    /// The same elements in row-major order under another shape of as many elements.
    public func reshaped(_ shape: Shape) -> Tensor {
        self.shape == shape ? self : .apply(ChangeShape(target: shape), self)
    }

    /// The images `[N, H, W, C]` of which this tensor is the flattening `[N, C·H·W]`; nil where it
    /// is none.
    package var imagesBeforeFlattening: Tensor? {
        guard rank == 2, node.operation is ChangeShape, let channelsFirst = node.operands.first,
            let transpose = channelsFirst.operation as? Transpose,
            transpose.permutation == [0, 3, 1, 2], channelsFirst.shape[0] == shape[0]
        else { return nil }
        return channelsFirst.operands.first.map { Tensor($0) }
    }

    /// Axes in another order: axis i of the result is axis `permutation[i]` of this tensor.
    public func transposed(_ permutation: [Int]) -> Tensor {
        .apply(Transpose(permutation: permutation), self)
    }

    /// The last two axes exchanged.
    public func transposed() -> Tensor {
        guard rank >= 2 else {
            return .invalid("a tensor of shape \(shape) has no two axes to exchange", from: self)
        }
        return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
    }

    /// Repeated to `shape` by NumPy's rule: axes are aligned at the end and 1 stretches.
    public func broadcast(to shape: Shape) -> Tensor {
        if self.shape == shape { return self }
        guard self.shape.broadcast(with: shape) == shape else {
            return .invalid("the shape \(self.shape) cannot be repeated to \(shape)", from: self)
        }
        let offset = shape.rank - rank
        let kept = (0..<rank).filter { self.shape[$0] == shape[$0 + offset] }
        return reshaped(Shape(kept.map { self.shape[$0] }))
            .broadcast(to: shape, axes: kept.map { $0 + offset })
    }

    /// Repeated to `shape`, axis i of this tensor becoming axis `axes[i]`.
    public func broadcast(to shape: Shape, axes: [Int]) -> Tensor {
        .apply(Broadcast(target: shape, axes: axes), self)
    }
}
