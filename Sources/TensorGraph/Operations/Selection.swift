/// How two numbers can be compared.
package enum Comparison: String, CaseIterable, Sendable {
    case greater = "gt"
    case greaterOrEqual = "ge"
    case less = "lt"
    case lessOrEqual = "le"
    case equal = "eq"
    case notEqual = "ne"

    package func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .equal: a == b
        case .notEqual: a != b
        }
    }
}

/// 1 where a comparison of two elements holds, else 0.
package struct Compare: Operation {
    package let comparison: Comparison
    package var name: String { "compare_\(comparison.rawValue)" }

    package init(_ comparison: Comparison) { self.comparison = comparison }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try Binary.add.shape(operands)
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [nil, nil]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        ReferenceTensor(
            shape: operands[0].shape,
            values: zip(operands[0].values, operands[1].values).map {
                comparison.holds($0, $1) ? 1 : 0
            })
    }
    package func flops(_ operands: [Shape], output: Shape) -> Int { output.count }
}

/// The second operand where the first is not zero, else the third.
package struct Select: Operation {
    package var name: String { "select" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            operands[0] == operands[1] && operands[1] == operands[2],
            "the shapes \(operands[0]), \(operands[1]) and \(operands[2]) differ")
        return operands[0]
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [nil, .select(operands[0], cotangent, 0), .select(operands[0], 0, cotangent)]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (condition, first, second) = (operands[0], operands[1], operands[2])
        return ReferenceTensor(condition.shape) {
            condition.values[$0] != 0 ? first.values[$0] : second.values[$0]
        }
    }
    package func flops(_ operands: [Shape], output: Shape) -> Int { output.count }
}

infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence

extension Tensor {
    /// `first` where `condition` is not zero, else `second`, after broadcasting.
    public static func select(_ condition: Tensor, _ first: Tensor, _ second: Tensor) -> Tensor {
        let (a, b) = broadcastTogether(first, second)
        let (c, d) = broadcastTogether(condition, a)
        let (_, e) = broadcastTogether(c, b)
        return .apply(Select(), c, d, e)
    }
}

/// The operand itself, opaque to differentiation.
package struct StopGradient: Operation {
    package var name: String { "optimization_barrier" }
    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { operands[0] }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [nil] }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        operands[0]
    }
}

extension Tensor {
    /// The same numbers, taken as constant by differentiation.
    public func stoppingGradient() -> Tensor { .apply(StopGradient(), self) }
}
