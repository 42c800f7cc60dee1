/// How elements are combined to one.
package enum Reduction: String, CaseIterable, Sendable {
    case sum
    case max
}

/// Elements combined along `axes`, which disappear.
package struct Reduce: Operation {
    package let reduction: Reduction
    package let axes: [Int]
    package var name: String { "reduce_\(reduction.rawValue)" }
    package var attributes: String { "axes \(axes)" }

    package init(_ reduction: Reduction, axes: [Int]) {
        self.reduction = reduction
        self.axes = axes.sorted()
    }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let valid =
            axes.allSatisfy(operands[0].dimensions.indices.contains)
            && Set(axes).count == axes.count
        try expect(valid, "axes \(axes) are not axes of \(operands[0])")
        try expect(
            reduction == .sum || axes.allSatisfy { operands[0][$0] > 0 },
            "the largest of no elements of \(operands[0]) along \(axes) is not defined")
        return operands[0].removing(axes)
    }

    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let x = operands[0]
        let kept = x.shape.dimensions.indices.filter { !axes.contains($0) }
        let spread = { (t: Tensor) in t.broadcast(to: x.shape, axes: kept) }
        switch reduction {
        case .sum: return [spread(cotangent)]
        case .max:
            // Elements that share the largest value share the cotangent, as in PyTorch.
            let isLargest = x .== spread(output)
            return [isLargest * spread(cotangent / isLargest.sum(along: axes))]
        }
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let source = operands[0]
        let target = source.shape.removing(axes)
        var strides = [Int](repeating: 0, count: source.shape.rank)
        let kept = strides.indices.filter { !axes.contains($0) }
        for (axis, stride) in zip(kept, target.strides) { strides[axis] = stride }
        var result = ReferenceTensor(target) { _ in reduction == .sum ? 0 : -.infinity }
        source.shape.forEachIndex { element, index in
            let place = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
            let (old, new) = (result.values[place], source.values[element])
            result.values[place] =
                reduction == .sum ? old + new : Binary.maximum.scalar(old, new)
        }
        return result
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { operands[0].count }
}

extension Tensor {
    /// The sum along `axes`, which disappear; along all where none are given.
    public func sum(along axes: [Int]? = nil) -> Tensor {
        let axes = axes ?? Array(0..<rank)
        return axes.isEmpty ? self : .apply(Reduce(.sum, axes: axes), self)
    }

    /// The mean along `axes`, which disappear; along all where none are given.
    public func mean(along axes: [Int]? = nil) -> Tensor {
        let total = sum(along: axes)
        guard !total.isInvalid else { return total }
        return total * Tensor(Double(total.shape.count) / Double(shape.count))
    }

    /// The largest element along `axes`, which disappear; along all where none are given.
    public func max(along axes: [Int]? = nil) -> Tensor {
        .apply(Reduce(.max, axes: axes ?? Array(0..<rank)), self)
    }
}
