import Philox
package import TensorGraph

/// A function of tensors and the point at which its derivatives are checked.
package struct DerivativeCase: Sendable, CustomStringConvertible {
    /// What the graph's derivatives are compared with.
    package enum Expectation { case centralDifferences, zero }

    package let description: String
    package let operands: [Shape]
    package var arePositive = false
    package var readsVariables = false
    package var expectation = Expectation.centralDifferences
    package let function: @Sendable ([Tensor]) -> Tensor

    package init(
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
    package var tensors: [Tensor] {
        operands.enumerated().map { number, shape in
            readsVariables
                ? Variable("x\(number)", shape).tensor : .input("x\(number)", shape)
        }
    }

    /// The operands' numbers.
    package var point: [String: ReferenceTensor] {
        let named = operands.enumerated().map { number, shape in
            ("x\(number)", separatedNumbers(shape, seed: number, arePositive: arePositive))
        }
        return Dictionary(uniqueKeysWithValues: named)
    }

    /// The function followed by Σ w·(f + f²/2), its slopes, a random linear functional of them, and
    /// that functional's slopes.
    package var derivatives:
        (loss: Tensor, slopes: [Tensor], functional: Tensor, curvatures: [Tensor])
    {
        let tensors = tensors
        let result = function(tensors)
        let loss = (Self.weights(result.shape, seed: 5) * (result + 0.5 * (result * result))).sum()
        let slopes = gradients(of: loss, withRespectTo: tensors)
        let parts = slopes.enumerated().map { number, slope in
            (Self.weights(slope.shape, seed: 6 + number) * slope).sum()
        }
        let functional = parts.reduce(0, +)
        return (
            loss, slopes, functional, gradients(of: functional, withRespectTo: tensors)
        )
    }

    /// The slopes and the second slopes as a program: `slope0`, … and `curvature0`, ….
    package var program: Program {
        get throws {
            let all = derivatives
            return try Program(
                tracing: all.slopes.enumerated().map { ("slope\($0)", $1) }
                    + all.curvatures.enumerated().map { ("curvature\($0)", $1) })
        }
    }

    private static func weights(_ shape: Shape, seed: Int) -> Tensor {
        .constant(separatedNumbers(shape, seed: seed).values, shape)
    }
}

/// Distinct numbers of magnitude 0.3…1.8 in random order and with random signs.
///
/// They keep a distance from zero and, with different `seed` below 5, from one another, so that no
/// kink of |x| or max(a, b) lies within the step of a difference quotient.
package func separatedNumbers(
    _ shape: Shape, seed: Int, arePositive: Bool = false
) -> ReferenceTensor {
    var random = RandomStream(seed: UInt64(seed), stream: 1)
    let order = (0..<shape.count).shuffled(using: &random)
    return ReferenceTensor(shape) { element in
        let place = Double(order[element]) + 0.1 + 0.2 * Double(seed)
        let magnitude = 0.3 + 1.5 * place / Double(shape.count)
        return arePositive || Bool.random(using: &random) ? magnitude : -magnitude
    }
}
