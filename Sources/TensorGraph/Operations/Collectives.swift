/// An operation in which the shards meet: the equal parts into which a program's batches are
/// divided.
///
/// Every instruction of a divided program has one value for each shard, or one that all shards
/// share. What is shared is counted once: where a shard uses it, the cotangents of all shards add
/// up to that of the shared value.
package protocol Collective: Operation {
    /// How many shards there are.
    var shards: Int { get }
    /// What all shards' operands come to.
    func evaluate(shards: [ReferenceTensor]) -> ReferenceTensor
}

/// The sum of all shards' operands, shared by them.
///
/// It is added in a fixed tree: neighbours in pairs, then the sums of pairs in pairs, and so on,
/// where an odd last one goes up as it is. So it has the same bits wherever the shards are
/// computed.
package struct AllReduce: Collective {
    package let shards: Int
    package var name: String { "all_reduce" }
    package var attributes: String { "of \(shards)" }

    package init(shards: Int) { self.shards = shards }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { operands[0] }

    /// Each shard's operand is a term of the sum.
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [cotangent]
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        preconditionFailure("a sum over shards needs all of them")
    }

    package func evaluate(shards: [ReferenceTensor]) -> ReferenceTensor {
        var level = shards.map(\.values)
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { place in
                place + 1 < level.count
                    ? zip(level[place], level[place + 1]).map(+) : level[place]
            }
        }
        return ReferenceTensor(shape: shards[0].shape, values: level[0])
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { (shards - 1) * output.count }
}

/// All shards' operands one after the other along the first axis, shared by the shards.
package struct AllGather: Collective {
    package let shards: Int
    package var name: String { "all_gather" }
    package var attributes: String { "of \(shards)" }

    package init(shards: Int) { self.shards = shards }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(operands[0].rank > 0, "a scalar has no axis along which shards can be gathered")
        return Shape([shards * operands[0][0]] + operands[0].dimensions.dropFirst())
    }

    /// Each shard gets the part that was its own.
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [.apply(ShardSlice(shards: shards, axis: 0), cotangent)]
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        preconditionFailure("shards can be gathered only where all of them are")
    }

    package func evaluate(shards: [ReferenceTensor]) -> ReferenceTensor {
        let shape = shards[0].shape
        return ReferenceTensor(
            shape: Shape([shards.count * shape[0]] + shape.dimensions.dropFirst()),
            values: shards.flatMap(\.values))
    }
}

/// A shard's own part of what all shards share: the axis falls into as many equal stretches.
package struct ShardSlice: Operation {
    package let shards: Int
    package let axis: Int
    package var name: String { "shard_slice" }
    package var attributes: String { "of \(shards) along axis \(axis)" }

    package init(shards: Int, axis: Int) { (self.shards, self.axis) = (shards, axis) }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        var extents = operands[0].dimensions
        try expect(
            extents.indices.contains(axis) && extents[axis].isMultiple(of: shards),
            "axis \(axis) of \(operands[0]) does not fall into \(shards) equal parts")
        extents[axis] /= shards
        return Shape(extents)
    }

    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let order = [axis] + (0..<output.rank).filter { $0 != axis }
        let inverse = order.indices.sorted { order[$0] < order[$1] }
        return [
            .apply(AllGather(shards: shards), cotangent.transposed(order)).transposed(inverse)
        ]
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let source = operands[0].shape
        var extents = source.dimensions
        extents[axis] /= shards
        return operands[0].gathered(
            Shape(extents), strides: source.strides,
            offset: clock.shard * extents[axis] * source.strides[axis])
    }
}
