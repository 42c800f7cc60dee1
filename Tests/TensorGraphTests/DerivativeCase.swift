import TensorGraph

/// A function of tensors and the point at which its derivatives are checked.
struct DerivativeCase: Sendable, CustomStringConvertible {
    /// What the graph's derivatives are compared with.
    enum Expectation { case centralDifferences, zero }

    let description: String
    let operands: [Shape]
    var arePositive = false
    var readsVariables = false
    var expectation = Expectation.centralDifferences
    let function: @Sendable ([Tensor]) -> Tensor

    init(
        _ description: String, _ operands: Shape..., arePositive: Bool = false,
        readsVariables: Bool = false, expectation: Expectation = .centralDifferences,
        function: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.description = description
        self.operands = operands
        self.arePositive = arePositive
        self.readsVariables = readsVariables
        self.expectation = expectation
        self.function = function
    }

    /// The operands as tensors, named x0, x1, …
    var tensors: [Tensor] {
        operands.enumerated().map { number, shape in
            readsVariables
                ? Variable("x\(number)", shape).tensor : .input("x\(number)", shape)
        }
    }

    /// The operands' numbers.
    var point: [String: ReferenceTensor] {
        let named = operands.enumerated().map { number, shape in
            ("x\(number)", separatedNumbers(shape, seed: number, arePositive: arePositive))
        }
        return Dictionary(uniqueKeysWithValues: named)
    }
}
