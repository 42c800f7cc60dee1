import GraphTestSupport
import TensorGraph

/// A tensor before a pass and the operations that are left of it afterwards.
struct RewriteCase: Sendable, CustomStringConvertible {
    let description: String
    let before: Tensor
    /// The operations of the rewritten program without what nothing depends on, alphabetically.
    let after: [String]

    init(_ description: String, _ before: Tensor, _ after: String...) {
        self.description = description
        self.before = before
        self.after = after.sorted()
    }

    /// The program as traced and after `pass`.
    func programs(_ pass: some Pass) throws -> (traced: Program, rewritten: Program) {
        let program = try traced(before)
        return (program, program.applying(pass).removingDeadCode())
    }

    /// How far the pass moves the result, for some inputs.
    func deviation(_ pass: some Pass) throws -> Double {
        let (traced, rewritten) = try programs(pass)
        var inputs: [String: ReferenceTensor] = [:]
        for (number, input) in traced.inputs.enumerated() {
            inputs[input.name] = separatedNumbers(input.shape, seed: number)
        }
        let executor = ReferenceExecutor()
        let expected = try executor.run(traced, inputs: inputs)["y0"]!
        return try executor.run(rewritten, inputs: inputs)["y0"]!.deviation(from: expected)
    }
}
