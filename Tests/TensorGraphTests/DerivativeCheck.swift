import TensorGraph

/// First and second derivatives of a case, by the graph and by central differences.
///
/// The function f is followed by Σ w·(f + f²/2), which makes first derivatives of linear functions
/// depend on the point. The second derivatives are checked as the gradient of a random linear
/// functional of the first ones.
struct DerivativeCheck {
    /// How far the graph's derivatives may be off; rounding alone gives about 1e-9.
    static let tolerance = 1e-6

    /// The largest error of a first derivative, as a share of it where it is above 0.1.
    let first: Double
    /// The same for the second derivative.
    let second: Double
    /// Whether all derivatives by the graph are zero.
    let areZero: Bool

    init(_ test: DerivativeCase) throws {
        let tensors = test.tensors
        let result = test.function(tensors)
        let loss = (Self.weights(result.shape, seed: 5) * (result + 0.5 * (result * result))).sum()
        let slopes = gradients(of: loss, withRespectTo: tensors)
        let parts = slopes.enumerated().map { number, slope in
            (Self.weights(slope.shape, seed: 6 + number) * slope).sum()
        }
        let functional = parts.reduce(0, +)
        let curvatures = gradients(of: functional, withRespectTo: tensors)

        let scalars = try Program(tracing: [("loss", loss), ("functional", functional)])
        let derivatives = try Program(
            tracing: slopes.enumerated().map { ("slope\($0)", $1) }
                + curvatures.enumerated().map { ("curvature\($0)", $1) })
        let found = try Self.run(derivatives, test.point)
        areZero = found.values.allSatisfy { $0.values.allSatisfy { $0 == 0 } }
        var errors = (first: 0.0, second: 0.0)
        for number in test.operands.indices {
            for element in 0..<test.operands[number].count {
                let expected = try Self.differences(scalars, test.point, "x\(number)", element)
                let slope = found["slope\(number)"]!.values[element]
                let curvature = found["curvature\(number)"]!.values[element]
                errors.first = max(errors.first, Self.error(slope, expected["loss"]!))
                errors.second = max(errors.second, Self.error(curvature, expected["functional"]!))
            }
        }
        (first, second) = errors
    }

    /// Central difference quotients of both scalars in one element of one operand.
    private static func differences(
        _ scalars: Program, _ point: [String: ReferenceTensor], _ name: String, _ element: Int
    ) throws -> [String: Double] {
        let step = 1e-5
        let sides = try [step, -step].map { change in
            var moved = point
            moved[name]!.values[element] += change
            return try run(scalars, moved).mapValues { $0.values[0] }
        }
        return sides[0].merging(sides[1]) { ($0 - $1) / (2 * step) }
    }

    private static func run(
        _ program: Program, _ point: [String: ReferenceTensor]
    ) throws -> [String: ReferenceTensor] {
        try ReferenceExecutor(variables: point).run(program, inputs: point)
    }

    private static func error(_ found: Double, _ expected: Double) -> Double {
        let error = abs(found - expected) / max(0.1, abs(expected))
        return error.isNaN ? .infinity : error
    }

    private static func weights(_ shape: Shape, seed: Int) -> Tensor {
        .constant(separatedNumbers(shape, seed: seed).values, shape)
    }
}
