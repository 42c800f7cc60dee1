import GraphTestSupport
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
        let (loss, _, functional, _) = test.derivatives
        let scalars = try Program(tracing: [("loss", loss), ("functional", functional)])
        let derivatives = try test.program
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
}
