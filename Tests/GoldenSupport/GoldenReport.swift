import FileTestSupport
package import TensorGraph

/// The precision of the executor under test, which decides the tolerance.
package enum GoldenPrecision: Sendable {
    case double
    case single
}

/// What running a program once gave.
package struct GoldenRun {
    package let outputs: [String: ReferenceTensor]
    package let variables: [String: ReferenceTensor]

    package init(outputs: [String: ReferenceTensor], variables: [String: ReferenceTensor]) {
        self.outputs = outputs
        self.variables = variables
    }
}

/// An executor: runs a program once, from inputs and variables to outputs and variables after it.
///
/// Variables that the program does not use may be left out of the result.
package typealias ProgramRunner = (
    _ program: Program, _ inputs: [String: ReferenceTensor],
    _ variables: [String: ReferenceTensor]
) throws -> GoldenRun

/// The outcome of comparing with golden numbers.
package struct GoldenReport {
    /// The comparisons made: zero means that nothing was tested.
    package private(set) var comparisons = 0
    /// One line for each array that is too far off.
    package private(set) var mismatches: [String] = []

    mutating func compare(
        _ what: String, _ got: ReferenceTensor?, with expected: ReferenceTensor,
        _ tolerance: Tolerance
    ) {
        comparisons += 1
        guard let got, got.shape.count == expected.shape.count else {
            let shape = got.map { "\($0.shape)" } ?? "nothing"
            mismatches.append("\(what): got \(shape), expected \(expected.shape)")
            return
        }
        var worst: (excess: Double, line: String)?
        for (a, b) in zip(got.values, expected.values) {
            let excess = abs(a - b) / (tolerance.abs + tolerance.rel * abs(b))
            if !(excess <= worst?.excess ?? 1) {
                worst = (excess, "\(what): got \(a), expected \(b), \(excess) tolerances off")
            }
        }
        if let worst { mismatches.append(worst.line) }
    }
}
