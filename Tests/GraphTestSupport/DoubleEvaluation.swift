package import TensorGraph

/// What `tensors` are, computed in double precision.
package func evaluate(
    _ tensors: [Tensor], _ variables: [String: [Double]] = [:], clock: RandomClock = RandomClock()
) throws -> [[Double]] {
    let program = try Program(outputs: tensors.enumerated().map { ("\($0)", $1) })
    var values: [String: ReferenceTensor] = [:]
    for variable in program.variables {
        values[variable.name] = ReferenceTensor(
            shape: variable.shape, values: variables[variable.name] ?? [])
    }
    let outputs = try ReferenceExecutor(variables: values).run(program, clock: clock)
    return tensors.indices.map { outputs["\($0)"]!.values }
}
