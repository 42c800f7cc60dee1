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
