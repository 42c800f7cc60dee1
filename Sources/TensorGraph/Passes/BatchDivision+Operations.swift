/// What becomes of the kinds of operations; nil where their operands have to be shared.
extension BatchDivision {
    /// A linear operation on one operand that is a sum: the sum of the results.
    mutating func linear(_ instruction: Program.Instruction) -> (Int, Layout)? {
        guard layouts[instruction.operands[0]] == .sum else { return nil }
        return (
            builder.append(instruction.operation, [numbers[instruction.operands[0]]]), .sum
        )
    }

    /// Sums added, or multiplied with what all shards share.
    mutating func sum(of binary: Binary, _ operands: [Int]) -> (Int, Layout)? {
        let found = operands.map { layouts[$0] }
        let areSums =
            switch binary {
            case .add, .subtract: found == [.sum, .sum]
            case .multiply: found == [.sum, .shared] || found == [.shared, .sum]
            case .divide: found == [.sum, .shared]
            case .maximum, .minimum: false
            }
        return areSums ? (builder.append(binary, operands.map { numbers[$0] }), .sum) : nil
    }

    mutating func elementwise(_ instruction: Program.Instruction) -> (Int, Layout)? {
        let operands = instruction.operands
        guard let (axis, segments) = operands.lazy.compactMap(parts).first else { return nil }
        let all = operands.map { number($0, axis: axis, segments: segments) }
        return (
            builder.append(instruction.operation, all), .parts(axis: axis, segments: segments)
        )
    }

    /// The axis may be joined with those after it, or split into several.
    mutating func reshaped(_ change: ChangeShape, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand) else { return nil }
        let (old, new) = (wholeShapes[operand].dimensions, change.target.dimensions)
        let outer = old[..<axis].reduce(1, *)
        for place in new.indices where new[..<place].reduce(1, *) == outer {
            let extents: [Int]
            if new[place] >= old[axis], new[place].isMultiple(of: old[axis]),
                Self.isProduct(new[place] / old[axis], of: old[(axis + 1)...])
            {
                extents = segments.map { $0 * (new[place] / old[axis]) }
            } else if new[place] > 0, old[axis].isMultiple(of: new[place]),
                Self.isProduct(old[axis] / new[place], of: new[(place + 1)...])
            {
                let inner = old[axis] / new[place]
                guard segments.allSatisfy({ $0.isMultiple(of: inner * shards) }) else { continue }
                extents = segments.map { $0 / inner }
            } else {
                continue
            }
            let target = local(change.target, axis: place)
            return (
                builder.append(ChangeShape(target: target), [numbers[operand]]),
                .parts(axis: place, segments: extents)
            )
        }
        return nil
    }

    /// Whether a number is the product of the first of some extents.
    private static func isProduct(_ number: Int, of extents: ArraySlice<Int>) -> Bool {
        var product = 1
        for extent in extents {
            if product == number { return true }
            product *= extent
        }
        return product == number
    }

    mutating func transposed(_ transpose: Transpose, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand),
            let place = transpose.permutation.firstIndex(of: axis)
        else { return nil }
        return (
            builder.append(transpose, [numbers[operand]]), .parts(axis: place, segments: segments)
        )
    }

    mutating func repeated(_ broadcast: Broadcast, _ operand: Int) -> (Int, Layout)? {
        // A sum is smaller before it is repeated.
        guard let (axis, segments) = parts(operand) else { return nil }
        let place = broadcast.axes[axis]
        let target = local(broadcast.target, axis: place)
        return (
            builder.append(Broadcast(target: target, axes: broadcast.axes), [numbers[operand]]),
            .parts(axis: place, segments: segments)
        )
    }

    /// Along the divided axis only whole segments.
    mutating func sliced(_ slice: Slice, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand), slice.strides[axis] == 1 else { return nil }
        var (start, kept) = (0, [Int]())
        let (first, limit) = (slice.starts[axis], slice.limits[axis])
        for segment in segments {
            let range = start..<start + segment
            start += segment
            if range.upperBound <= first || range.lowerBound >= limit { continue }
            guard range.lowerBound >= first, range.upperBound <= limit else { return nil }
            kept.append(segment)
        }
        guard kept.reduce(0, +) == limit - first, first.isMultiple(of: shards) else { return nil }
        var (starts, limits) = (slice.starts, slice.limits)
        (starts[axis], limits[axis]) = (first / shards, limit / shards)
        return (
            builder.append(
                Slice(starts: starts, limits: limits, strides: slice.strides), [numbers[operand]]),
            .parts(axis: axis, segments: kept)
        )
    }

    /// Zeros before and after a batch are segments of their own.
    mutating func padded(_ pad: Pad, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand), pad.interior[axis] == 0,
            pad.low[axis].isMultiple(of: shards), pad.high[axis].isMultiple(of: shards)
        else { return nil }
        var (low, high) = (pad.low, pad.high)
        (low[axis], high[axis]) = (low[axis] / shards, high[axis] / shards)
        let all = ([pad.low[axis]] + segments + [pad.high[axis]]).filter { $0 > 0 }
        return (
            builder.append(Pad(low: low, high: high, interior: pad.interior), [numbers[operand]]),
            .parts(axis: axis, segments: all)
        )
    }

    mutating func concatenated(
        _ concatenate: Concatenate, _ operands: [Int]
    ) -> (Int, Layout)? {
        guard let (axis, segments) = operands.lazy.compactMap(parts).first else { return nil }
        guard axis == concatenate.axis else {
            let all = operands.map { number($0, axis: axis, segments: segments) }
            return (builder.append(concatenate, all), .parts(axis: axis, segments: segments))
        }
        let each = operands.map { operand in
            parts(operand).flatMap { $0.axis == axis ? $0.segments : nil }
                ?? [wholeShapes[operand][axis]]
        }
        guard each.joined().allSatisfy({ $0.isMultiple(of: shards) }) else { return nil }
        let all = zip(operands, each).map { number($0, axis: axis, segments: $1) }
        return (
            builder.append(concatenate, all), .parts(axis: axis, segments: each.flatMap(\.self))
        )
    }

    /// Groups lie along the last axis.
    mutating func arranged(
        _ arrange: Arrange, _ instruction: Program.Instruction
    ) -> (Int, Layout)? {
        let last = instruction.shape.rank - 1
        guard let first = instruction.operands.lazy.compactMap(parts).first, first.axis != last
        else { return nil }
        return elementwise(instruction)
    }

    mutating func reduced(_ reduce: Reduce, _ operand: Int) -> (Int, Layout)? {
        if layouts[operand] == .sum, reduce.reduction == .sum {
            return (builder.append(reduce, [numbers[operand]]), .sum)
        }
        guard let (axis, segments) = parts(operand) else { return nil }
        let own = builder.append(reduce, [numbers[operand]])
        if !reduce.axes.contains(axis) {
            let place = axis - reduce.axes.count { $0 < axis }
            return (own, .parts(axis: place, segments: segments))
        }
        if reduce.reduction == .sum { return (own, .sum) }
        let shape = builder.shape(own)
        let row = builder.append(ChangeShape(target: Shape([1] + shape.dimensions)), [own])
        let rows = builder.append(AllGather(shards: shards), [row])
        return (builder.append(Reduce(reduce.reduction, axes: [0]), [rows]), .shared)
    }

    mutating func multiplied(
        _ product: MatrixProduct, _ operands: [Int]
    ) -> (Int, Layout)? {
        let rank = wholeShapes[operands[0]].rank
        let inner = (
            product.transposeFirst ? rank - 2 : rank - 1,
            product.transposeSecond ? rank - 1 : rank - 2
        )
        guard
            let (side, (axis, segments)) = operands.lazy.enumerated().compactMap({
                [layouts] side, operand -> (Int, (Int, [Int]))? in
                guard case .parts(let axis, let segments) = layouts[operand] else { return nil }
                return (side, (axis, segments))
            }).first
        else { return nil }
        if axis == (side == 0 ? inner.0 : inner.1) {
            return contracted(product, operands, axes: inner)
        }
        var all = [0, 0]
        all[side] = numbers[operands[side]]
        let other = 1 - side
        guard axis >= rank - 2 else {
            // One of many products.
            all[other] = number(operands[other], axis: axis, segments: segments)
            return (builder.append(product, all), .parts(axis: axis, segments: segments))
        }
        all[other] = shared(operands[other])
        return (
            builder.append(product, all),
            .parts(axis: side == 0 ? rank - 2 : rank - 1, segments: segments)
        )
    }

    mutating func convolved(
        _ operation: any Operation, _ operands: [Int]
    ) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operands[0]), axis == 0, parts(operands[1]) == nil
        else { return nil }
        let weights = shared(operands[1])
        return (
            builder.append(operation, [numbers[operands[0]], weights]),
            .parts(axis: 0, segments: segments)
        )
    }

    /// A product that adds up over a divided axis: each shard's terms.
    mutating func contracted(
        _ operation: any Operation, _ operands: [Int], axes: (Int, Int)
    ) -> (Int, Layout)? {
        let sides = zip(operands, [axes.0, axes.1])
        guard
            let segments = sides.lazy.compactMap({ [layouts] operand, axis -> [Int]? in
                guard case .parts(axis, let segments) = layouts[operand] else { return nil }
                return segments
            }).first
        else { return nil }
        let all = sides.map { number($0, axis: $1, segments: segments) }
        return (builder.append(operation, all), .sum)
    }
}
