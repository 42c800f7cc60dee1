/// Functions of two numbers, applied to the elements of two tensors of one shape.
package enum Binary: String, Operation, CaseIterable {
    case add
    case subtract
    case multiply
    case divide
    case maximum
    case minimum

    package var name: String { rawValue }

    package var isCommutative: Bool { self != .subtract && self != .divide }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            operands[0] == operands[1], "the shapes \(operands[0]) and \(operands[1]) differ")
        return operands[0]
    }

    package func vjp(_ cotangent: Tensor, operands: [Tensor], output y: Tensor) -> [Tensor?] {
        let (a, b) = (operands[0], operands[1])
        switch self {
        case .add: return [cotangent, cotangent]
        case .subtract: return [cotangent, -cotangent]
        case .multiply: return [cotangent * b, cotangent * a]
        case .divide: return [cotangent / b, -(cotangent * y / b)]
        case .maximum, .minimum:
            // Equal operands share the cotangent, as in PyTorch.
            let first = self == .maximum ? a .> b : a .< b
            let share = first + 0.5 * (a .== b)
            return [cotangent * share, cotangent * (1 - share)]
        }
    }

    /// The function itself; a NaN operand gives NaN.
    package func scalar(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
        case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
        }
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        ReferenceTensor(
            shape: operands[0].shape,
            values: zip(operands[0].values, operands[1].values).map(scalar))
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { output.count }
}

extension Tensor {
    /// The operation on both tensors after NumPy's broadcasting: 1 stretches to the other's extent.
    private static func combine(_ operation: any Operation, _ a: Tensor, _ b: Tensor) -> Tensor {
        let (first, second) = broadcastTogether(a, b)
        return .apply(operation, first, second)
    }

    /// Both tensors with the extents that NumPy's rule gives them, or unchanged where it gives
    /// none.
    package static func broadcastTogether(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
        guard !a.isInvalid, !b.isInvalid, let shape = a.shape.broadcast(with: b.shape) else {
            return (a, b)
        }
        return (a.broadcast(to: shape), b.broadcast(to: shape))
    }

    /// The sum of each two elements; as in NumPy, an extent of 1 stretches to the other tensor's.
    public static func + (a: Tensor, b: Tensor) -> Tensor { combine(Binary.add, a, b) }
    /// The difference of each two elements; shapes as for `+`.
    public static func - (a: Tensor, b: Tensor) -> Tensor { combine(Binary.subtract, a, b) }
    /// The product of each two elements, no matrix product; shapes as for `+`.
    public static func * (a: Tensor, b: Tensor) -> Tensor { combine(Binary.multiply, a, b) }
    /// The quotient of each two elements, infinite or undefined where the divisor is 0; shapes as
    /// for `+`.
    public static func / (a: Tensor, b: Tensor) -> Tensor { combine(Binary.divide, a, b) }
    /// The larger of two elements; equal ones share the derivative.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { combine(Binary.maximum, a, b) }
    /// The smaller of two elements; equal ones share the derivative.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { combine(Binary.minimum, a, b) }

    /// Each element confined to `bounds`.
    public func clamped(to bounds: ClosedRange<Double>) -> Tensor {
        .minimum(.maximum(self, Tensor(bounds.lowerBound)), Tensor(bounds.upperBound))
    }

    /// 1 where a > b, 0 elsewhere and where one of them is undefined (NaN).
    ///
    /// Like all comparisons it has no derivative, and takes shapes as `+` does.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { combine(Compare(.greater), a, b) }
    /// 1 where a ≥ b, 0 elsewhere and where one of them is undefined (NaN).
    public static func .>= (a: Tensor, b: Tensor) -> Tensor {
        combine(Compare(.greaterOrEqual), a, b)
    }
    /// 1 where a < b, 0 elsewhere and where one of them is undefined (NaN).
    public static func .< (a: Tensor, b: Tensor) -> Tensor { combine(Compare(.less), a, b) }
    /// 1 where a ≤ b, 0 elsewhere and where one of them is undefined (NaN).
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { combine(Compare(.lessOrEqual), a, b) }
    /// 1 where a = b, 0 elsewhere and where one of them is undefined (NaN).
    public static func .== (a: Tensor, b: Tensor) -> Tensor { combine(Compare(.equal), a, b) }
    /// 1 where a ≠ b or one of them is undefined (NaN), 0 elsewhere.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { combine(Compare(.notEqual), a, b) }
}
