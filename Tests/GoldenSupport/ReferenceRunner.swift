package import TensorGraph

/// Runs a program with the reference executor, in double precision: a ``ProgramRunner``.
package func runByReference(
    _ program: Program, _ inputs: [String: ReferenceTensor],
    _ variables: [String: ReferenceTensor]
) throws -> GoldenRun {
    let executor = ReferenceExecutor(variables: variables)
    let outputs = try executor.run(program, inputs: inputs)
    return GoldenRun(outputs: outputs, variables: executor.variables)
}
