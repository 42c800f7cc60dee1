import Philox
import TensorGraph

/// The elements of a tensor by the reference executor, without any simplification.
func values(
    of tensor: Tensor, _ inputs: [String: ReferenceTensor] = [:], clock: RandomClock = RandomClock()
) throws -> [Double] {
    let program = try Program(tracing: [("result", tensor)])
    return try ReferenceExecutor().run(program, inputs: inputs, clock: clock)["result"]!.values
}

/// A program that only computes, as it was traced: results y0, y1, …
func traced(_ tensors: Tensor...) throws -> Program {
    try Program(tracing: tensors.enumerated().map { ("y\($0)", $1) })
}

extension Program {
    /// The names of the operations, alphabetically, so that the order of evaluation is free.
    var names: [String] { instructions.map(\.operation.name).sorted() }
}

/// Distinct numbers of magnitude 0.3…1.8 in random order and with random signs.
///
/// They keep a distance from zero and, with different `seed` below 5, from one another, so that no
/// kink of |x| or max(a, b) lies within the step of a difference quotient.
func separatedNumbers(_ shape: Shape, seed: Int, arePositive: Bool = false) -> ReferenceTensor {
    var random = RandomStream(seed: UInt64(seed), stream: 1)
    let order = (0..<shape.count).shuffled(using: &random)
    return ReferenceTensor(shape) { element in
        let place = Double(order[element]) + 0.1 + 0.2 * Double(seed)
        let magnitude = 0.3 + 1.5 * place / Double(shape.count)
        return arePositive || Bool.random(using: &random) ? magnitude : -magnitude
    }
}
